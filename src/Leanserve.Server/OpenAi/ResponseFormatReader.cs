using System.Text.Json;
using Leanserve.Engine;

namespace Leanserve.Server.OpenAi;

/// <summary>Reads <c>response_format</c>.</summary>
internal sealed class ResponseFormatReader(JsonFields fields, OutputFormats formats)
{
    private const string Name = "response_format";

    /// <summary>The format of the answer; null for free text.</summary>
    public OutputFormat? Read()
    {
        if (fields.Element(Name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return fields.Violate<OutputFormat>(Name, value, "it must be an object with a type");
        }

        var format = fields.Child(value, Name);
        switch (format.String("type"))
        {
            case "text":
                return null;
            case "json_object":
                return formats.AnyObject([]);
            case "json_schema":
                return OfSchema(format);
            default:
                format.Add("type", "must be text, json_object or json_schema");
                return null;
        }
    }

    private OutputFormat? OfSchema(JsonFields format)
    {
        const string Member = "json_schema";
        if (format.Element(Member) is not { ValueKind: JsonValueKind.Object } described)
        {
            format.Add(Member, "is missing; send {\"name\": …, \"schema\": {…}}");
            return null;
        }

        var fieldsOfSchema = format.Child(described, Member);
        if (fieldsOfSchema.Element("schema") is not { } schema)
        {
            fieldsOfSchema.Add("schema", "is missing; send a JSON schema");
            return null;
        }

        List<SchemaViolation> violations = [];
        var found = formats.OfSchema(schema, violations);
        foreach (var violation in violations)
        {
            fieldsOfSchema.Add(violation.Path.Length == 0 ? "schema" : $"schema.{violation.Path}", violation.Rule);
        }

        return found;
    }
}
