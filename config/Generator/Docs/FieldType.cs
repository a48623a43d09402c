using System.Text.Json.Nodes;

namespace Leanserve.Generator.Docs;

/// <summary>Says in a few words what values a field takes.</summary>
public static class FieldType
{
    /// <summary>The field's type and its bounds.</summary>
    public static string Describe(JsonObject field)
    {
        if (field["x-kubernetes-int-or-string"] is not null)
        {
            return "quantity";
        }

        if (field["enum"] is JsonArray values)
        {
            return string.Join(", ", values.Select(value => $"`{value}`"));
        }

        return (string?)field["type"] switch
        {
            "array" => $"list of {Describe(field["items"]!.AsObject())}{Most(field, "maxItems")}",
            "object" when field["additionalProperties"] is JsonObject item => $"map to {Describe(item)}{Most(field, "maxProperties")}",
            "integer" => $"integer{Range(field)}",
            "string" when (string?)field["pattern"] == Api.Schema.DecimalStringAttribute.Pattern => "decimal string",
            "string" => $"string{Most(field, "maxLength")}",
            var type => type ?? "",
        };
    }

    private static string Most(JsonObject field, string bound) => field[bound] is { } most ? $", at most {most}" : "";

    private static string Range(JsonObject field) => field["minimum"] is { } least
        ? field["maximum"] is { } most ? $", {least} to {most}" : $", {least} or more"
        : "";
}
