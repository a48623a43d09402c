using System.Globalization;
using System.Text.Json;

namespace Leanserve.Engine.Grammars;

/// <summary>Reads the keywords of one schema and notes what is wrong with them.</summary>
internal sealed class SchemaReader(JsonElement schema, string path, List<SchemaViolation> violations)
{
    public JsonElement Schema => schema;

    public string Path => path;

    public JsonElement? this[string keyword] => schema.TryGetProperty(keyword, out var value) ? value : null;

    public SchemaReader Child(JsonElement child, string name) => new(child, Full(name), violations);

    public void Violate(string keyword, string rule) => violations.Add(new SchemaViolation(Full(keyword), rule));

    /// <summary>Notes every keyword that is neither among these nor a note.</summary>
    public void AllowOnly(IReadOnlySet<string> keywords, string reason)
    {
        foreach (var member in schema.EnumerateObject())
        {
            if (!keywords.Contains(member.Name) && !SchemaKeywords.Notes.Contains(member.Name))
            {
                Violate(member.Name, reason);
            }
        }
    }

    /// <summary>A count from 0 to <paramref name="most"/>.</summary>
    public int? Count(string keyword, int most)
    {
        if (this[keyword] is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int count) && count >= 0 && count <= most)
        {
            return count;
        }

        Violate(keyword, $"must be a whole number from 0 to {most}");
        return null;
    }

    public decimal? Number(string keyword)
    {
        if (this[keyword] is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number))
        {
            // Numbers that answers may hold end far before those of a decimal.
            decimal exact = value.TryGetDecimal(out decimal read) ? read : 0;
            return Math.Abs(number) < (double)NumberRange.Limit ? exact : NumberRange.Limit * Math.Sign(number);
        }

        Violate(keyword, "must be a number");
        return null;
    }

    /// <summary>The types named, or those that the other keywords are about; null where there is no hint.</summary>
    public IReadOnlyList<string>? Types()
    {
        if (this["type"] is not { } type)
        {
            return Hinted();
        }

        var names = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray()] : new[] { type };
        List<string> types = [];
        foreach (var name in names)
        {
            if (name.ValueKind == JsonValueKind.String
                && name.GetString() is "object" or "array" or "string" or "number" or "integer" or "boolean" or "null")
            {
                types.Add(name.GetString()!);
            }
            else
            {
                Violate("type", "must be object, array, string, number, integer, boolean or null, or a list of these");
            }
        }

        return types;
    }

    private string[]? Hinted() => schema.EnumerateObject().Select(member => member.Name).FirstOrDefault(SchemaKeywords.Shapes.Contains) switch
    {
        null => null,
        "properties" or "required" or "additionalProperties" => ["object"],
        "items" or "minItems" or "maxItems" => ["array"],
        "minLength" or "maxLength" => ["string"],
        _ => ["number"],
    };

    private string Full(string keyword) =>
        keyword.Length == 0 ? path : path.Length == 0 ? keyword : string.Create(CultureInfo.InvariantCulture, $"{path}.{keyword}");
}
