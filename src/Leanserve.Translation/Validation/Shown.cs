using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leanserve.Translation.Validation;

/// <summary>Shows an offending value in a message.</summary>
internal static class Shown
{
    private const int LongestText = 80;
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value as JSON, cut after 80 characters.</summary>
    public static string Of(JsonNode? value)
    {
        var text = value?.ToJsonString(Json) ?? "null";
        return text.Length <= LongestText ? text : $"{text[..LongestText]}…";
    }

    /// <summary>A string as it was written, in quotes.</summary>
    public static string Text(string value) => Of(JsonValue.Create(value));
}
