using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Leanserve.Translation.Yaml;

/// <summary>Writes JSON as block-style YAML: the same bytes for the same value, members in their own order.</summary>
public static partial class JsonYaml
{
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What a YAML 1.1 or 1.2 reader would take for a boolean or null if it stood unquoted.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "true", "false", "yes", "no", "on", "off", "y", "n", "null", "~",
    };

    /// <summary>The YAML text of <paramref name="node"/>, ending in a line feed.</summary>
    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        WriteNode(text, node, indent: 0, inline: false);
        return text.ToString();
    }

    private static void WriteNode(StringBuilder text, JsonNode? node, int indent, bool inline)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                WriteMap(text, map, indent, inline);
                break;
            case JsonArray { Count: > 0 } list:
                WriteList(text, list, indent, inline);
                break;
            default:
                text.Append(Scalar(node)).Append('\n');
                break;
        }
    }

    private static void WriteMap(StringBuilder text, JsonObject map, int indent, bool inline)
    {
        foreach (var (name, value) in map)
        {
            if (!inline)
            {
                text.Append(' ', indent);
            }

            inline = false;
            text.Append(Text(name)).Append(':');
            WriteChild(text, value, indent);
        }
    }

    private static void WriteChild(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 }:
                text.Append('\n');
                WriteNode(text, value, indent + 2, inline: false);
                break;
            case JsonArray { Count: > 0 }:
                text.Append('\n');
                WriteNode(text, value, indent, inline: false);
                break;
            default:
                text.Append(' ');
                WriteNode(text, value, indent, inline: true);
                break;
        }
    }

    private static void WriteList(StringBuilder text, JsonArray list, int indent, bool inline)
    {
        foreach (var item in list)
        {
            if (!inline)
            {
                text.Append(' ', indent);
            }

            inline = false;
            text.Append("- ");
            WriteNode(text, item, indent + 2, inline: true);
        }
    }

    private static string Scalar(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ when node.GetValueKind() == JsonValueKind.String => Text(node.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    private static string Text(string value) =>
        Plain().IsMatch(value) && !value.Contains(": ", StringComparison.Ordinal) && !value.Contains(" #", StringComparison.Ordinal)
            && !value.EndsWith(':') && !value.EndsWith(' ') && !Reserved.Contains(value)
            ? value
            : JsonSerializer.Serialize(value, Quoted).Replace("\u0085", "\\u0085", StringComparison.Ordinal);

    // Starts with a letter, so it cannot be read as a number, and holds nothing that YAML gives a meaning to.
    [GeneratedRegex(@"\A[A-Za-z/][A-Za-z0-9 _./:;,()'#+<=>|%-]*\z")]
    private static partial Regex Plain();
}
