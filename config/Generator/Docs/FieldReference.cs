using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Leanserve.Api;
using Leanserve.Generator.Schema;

namespace Leanserve.Generator.Docs;

/// <summary>Writes the field reference (Markdown) from the resource's schema.</summary>
public static class FieldReference
{
    /// <summary>One section for each object of the schema, then the conditions.</summary>
    public static string Write(JsonObject schema)
    {
        var text = new StringBuilder();
        text.Append("<!-- Generated from src/Leanserve.Api by `make generate`; do not edit. -->\n");
        text.Append($"# {LlmDeployment.KindName} ({LlmDeployment.Group}/{LlmDeployment.Version})\n\n{schema["description"]}\n");
        foreach (var part in new[] { "spec", "status" })
        {
            WriteObject(text, part, schema["properties"]![part]!.AsObject());
        }

        WriteConditions(text);
        return text.ToString();
    }

    private static void WriteObject(StringBuilder text, string path, JsonObject schema)
    {
        text.Append($"\n## {path}\n\n{schema["description"]}\n");
        WriteRules(text, schema);
        text.Append("\n| field | type | default | meaning |\n|---|---|---|---|\n");
        var required = schema["required"]?.AsArray().Select(name => name!.GetValue<string>()).ToHashSet() ?? [];
        var members = schema["properties"]!.AsObject();
        foreach (var (name, member) in members)
        {
            var field = member!.AsObject();
            var standard = required.Contains(name) ? "**required**" : field["default"] is { } value ? $"`{value}`" : "";
            text.Append($"| `{name}` | {FieldType.Describe(field)} | {standard} | {Cell(field["description"]?.GetValue<string>())}{RuleSentences(field)} |\n");
        }

        foreach (var (name, member) in members)
        {
            WriteNested(text, $"{path}.{name}", member!.AsObject());
        }
    }

    private static void WriteNested(StringBuilder text, string path, JsonObject schema)
    {
        if (schema["properties"] is not null)
        {
            WriteObject(text, path, schema);
        }
        else if (schema["items"] is JsonObject items && items["properties"] is not null)
        {
            WriteObject(text, $"{path}[]", items);
        }
    }

    private static void WriteRules(StringBuilder text, JsonObject schema)
    {
        foreach (var rule in schema["x-kubernetes-validations"]?.AsArray() ?? [])
        {
            text.Append($"\nRule: {rule!["message"]}.\n");
        }
    }

    private static string RuleSentences(JsonObject field) => field["properties"] is not null
        ? ""
        : string.Concat((field["x-kubernetes-validations"]?.AsArray() ?? []).Select(rule => $" Rule: {rule!["message"]}."));

    private static void WriteConditions(StringBuilder text)
    {
        var summaries = XmlSummaries.Of(typeof(ConditionTypes).Assembly);
        text.Append("\n## Conditions\n\nTrue is good for every one of them.\n\n| type | True means |\n|---|---|\n");
        foreach (var field in typeof(ConditionTypes).GetFields(BindingFlags.Public | BindingFlags.Static).OrderBy(field => field.MetadataToken))
        {
            text.Append($"| `{field.GetRawConstantValue()}` | {Cell(summaries[field])} |\n");
        }
    }

    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal);
}
