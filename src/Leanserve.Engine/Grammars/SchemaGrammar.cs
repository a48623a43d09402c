using System.Text.Encodings.Web;
using System.Text.Json;

namespace Leanserve.Engine.Grammars;

/// <summary>
/// Rules for the JSON documents that a schema describes. Whatever the rules allow is valid; not all that is valid is allowed: members come in the
/// schema's order, and members that it does not name are left out.
/// </summary>
internal sealed class SchemaGrammar(GrammarBuilder builder, JsonElement root, List<SchemaViolation> violations)
{
    private const int MaxLength = 4_096;
    private const int MaxItems = 1_024;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonGrammar _json = new(builder);
    private readonly Dictionary<string, GrammarRule> _referenced = new(StringComparer.Ordinal);

    public GrammarRule Build() => RuleOf(new SchemaReader(root, string.Empty, violations));

    private GrammarRule RuleOf(SchemaReader schema)
    {
        switch (schema.Schema.ValueKind)
        {
            case JsonValueKind.True:
                return _json.AnyValue;
            case JsonValueKind.False:
                return new GrammarRule { Start = builder.Nothing() };
            case JsonValueKind.Object:
                return RuleOfKeywords(schema);
            default:
                schema.Violate(string.Empty, "must be a schema: an object, true or false");
                return _json.AnyValue;
        }
    }

    private GrammarRule RuleOfKeywords(SchemaReader schema)
    {
        if (schema["$ref"] is { } reference)
        {
            schema.AllowOnly(new HashSet<string> { "$ref" }, "cannot stand beside $ref; move it into the schema referred to");
            return Referenced(schema, reference);
        }

        if ((schema["anyOf"] ?? schema["oneOf"] ?? schema["allOf"]) is { } alternatives)
        {
            return AnyOf(schema, alternatives);
        }

        if (schema["enum"] is not null || schema["const"] is not null)
        {
            schema.AllowOnly(SchemaKeywords.Listed, "cannot stand beside enum or const; list only values that obey it");
            return new GrammarRule { Start = Listed(schema) };
        }

        schema.AllowOnly(SchemaKeywords.Shapes, "is not supported here; leave it out, and check it in the answer");
        return schema.Types() is { } types
            ? new GrammarRule { Start = builder.AnyOf([.. types.Select(type => OfType(schema, type))]) }
            : _json.AnyValue;
    }

    private GrammarNode OfType(SchemaReader schema, string type) => type switch
    {
        "object" => Object(schema),
        "array" => Array(schema),
        "string" => String(schema),
        "number" or "integer" => Number(schema, type == "integer"),
        "boolean" => builder.AnyOf(builder.Literal("true", builder.End()), builder.Literal("false", builder.End())),
        _ => builder.Literal("null", builder.End()),
    };

    private GrammarRule AnyOf(SchemaReader schema, JsonElement alternatives)
    {
        string keyword = schema["anyOf"] is not null ? "anyOf" : schema["oneOf"] is not null ? "oneOf" : "allOf";
        schema.AllowOnly(new HashSet<string> { keyword }, $"cannot stand beside {keyword}; move it into the alternatives");
        if (alternatives.ValueKind != JsonValueKind.Array || alternatives.GetArrayLength() == 0)
        {
            schema.Violate(keyword, "must be a list of schemas");
            return _json.AnyValue;
        }

        if (keyword == "allOf" && alternatives.GetArrayLength() > 1)
        {
            schema.Violate(keyword, "of more than one schema is not supported here; write them as one");
        }

        var rules = alternatives.EnumerateArray().Select((each, index) => RuleOf(schema.Child(each, $"{keyword}[{index}]"))).ToList();
        return new GrammarRule { Start = builder.AnyOf([.. rules.Select(rule => builder.Call(rule, builder.End()))]) };
    }

    /// <summary>A reference within the document, by JSON pointer (RFC 6901); one that leads back to itself makes a rule that contains itself.</summary>
    private GrammarRule Referenced(SchemaReader schema, JsonElement reference)
    {
        string pointer = reference.ValueKind == JsonValueKind.String ? reference.GetString()! : string.Empty;
        if (_referenced.TryGetValue(pointer, out var known))
        {
            return known;
        }

        if (Find(pointer) is not { } target)
        {
            schema.Violate("$ref", "must point to a part of this schema, such as #/$defs/name");
            return _json.AnyValue;
        }

        var rule = _referenced[pointer] = new GrammarRule();
        rule.Start = builder.Call(RuleOf(new SchemaReader(target, pointer.TrimStart('#', '/').Replace('/', '.'), violations)), builder.End());
        return rule;
    }

    private JsonElement? Find(string pointer)
    {
        if (!pointer.StartsWith('#'))
        {
            return null;
        }

        JsonElement? at = root;
        foreach (string part in pointer[1..].Split('/').Skip(1))
        {
            string name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            at = at switch
            {
                { ValueKind: JsonValueKind.Object } element when element.TryGetProperty(name, out var member) => member,
                { ValueKind: JsonValueKind.Array } element when int.TryParse(name, out int index) && index >= 0 && index < element.GetArrayLength() => element[index],
                _ => null,
            };
        }

        return at;
    }

    private GrammarNode Listed(SchemaReader schema)
    {
        if (schema["enum"] is { ValueKind: not JsonValueKind.Array })
        {
            schema.Violate("enum", "must be a list of values");
            return builder.Nothing();
        }

        var types = schema.Types();
        var values = schema["enum"] is { } listed ? listed.EnumerateArray() : Enumerable.Empty<JsonElement>();
        if (schema["const"] is { } single)
        {
            string text = Text(single);
            values = schema["enum"] is null ? [single] : values.Where(value => Text(value) == text);
        }

        return builder.AnyOf([.. values.Where(value => types is null || types.Any(type => IsOf(value, type)))
            .Select(Text).Distinct(StringComparer.Ordinal).Select(text => builder.Literal(text, builder.End()))]);
    }

    private static string Text(JsonElement value) => JsonSerializer.Serialize(value, Compact);

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => value.ValueKind == JsonValueKind.Null,
    };

    private GrammarNode Object(SchemaReader schema)
    {
        var required = Required(schema);
        if (schema["properties"] is not { } properties || (properties.ValueKind == JsonValueKind.Object && !properties.EnumerateObject().Any()))
        {
            return Map(schema, required);
        }

        if (properties.ValueKind != JsonValueKind.Object)
        {
            schema.Violate("properties", "must be an object of schemas");
            return builder.Nothing();
        }

        if (schema["additionalProperties"] is { ValueKind: JsonValueKind.Object })
        {
            schema.Violate("additionalProperties", "beside properties must be true or false; members that are not named are left out either way");
        }

        var members = properties.EnumerateObject().Select(member => (
            member.Name, Rule: RuleOf(schema.Child(member.Value, $"properties.{member.Name}")), IsRequired: required.Remove(member.Name))).ToList();
        foreach (string missing in required)
        {
            schema.Violate("required", $"names '{missing}', which properties lacks; add it there");
        }

        return Members(members);
    }

    private HashSet<string> Required(SchemaReader schema)
    {
        if (schema["required"] is not { } required)
        {
            return [];
        }

        if (required.ValueKind == JsonValueKind.Array && required.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String))
        {
            return [.. required.EnumerateArray().Select(name => name.GetString()!)];
        }

        schema.Violate("required", "must be a list of names");
        return [];
    }

    /// <summary>An object whose members are named by the model.</summary>
    private GrammarNode Map(SchemaReader schema, HashSet<string> required)
    {
        if (required.Count > 0)
        {
            schema.Violate("required", "names members, but properties has none; add them there");
        }

        return schema["additionalProperties"] switch
        {
            { ValueKind: JsonValueKind.False } => builder.Literal("{", _json.Space(builder.Literal("}", builder.End()))),
            { } value => _json.ObjectOf(_json.String, RuleOf(schema.Child(value, "additionalProperties"))),
            null => builder.Call(_json.AnyObject, builder.End()),
        };
    }

    /// <summary>Members in order, those that are not required there or not.</summary>
    private GrammarNode Members(List<(string Name, GrammarRule Rule, bool IsRequired)> members)
    {
        var close = builder.Literal("}", builder.End());
        var later = _json.Space(close);
        var first = close;
        for (int i = members.Count - 1; i >= 0; i--)
        {
            (string name, var rule, bool isRequired) = members[i];
            var member = builder.Literal($"{JsonSerializer.Serialize(name, Compact)}:", _json.Space(builder.Call(rule, later)));
            var following = builder.Literal(",", _json.Space(member));
            later = isRequired ? following : builder.AnyOf(following, later);
            first = isRequired ? member : builder.AnyOf(member, first);
        }

        return builder.Literal("{", _json.Space(first));
    }

    private GrammarNode Array(SchemaReader schema)
    {
        int min = schema.Count("minItems", MaxItems) ?? 0;
        int? max = schema.Count("maxItems", MaxItems);
        RequireOrder(schema, min, max, "minItems", "maxItems");
        var item = schema["items"] is { } items ? RuleOf(schema.Child(items, "items")) : _json.AnyValue;
        return _json.ArrayOf(item, min, max);
    }

    private GrammarNode String(SchemaReader schema)
    {
        int min = schema.Count("minLength", MaxLength) ?? 0;
        int? max = schema.Count("maxLength", MaxLength);
        RequireOrder(schema, min, max, "minLength", "maxLength");
        return min == 0 && max is null ? builder.Call(_json.String, builder.End()) : _json.StringOf(min, max);
    }

    private GrammarNode Number(SchemaReader schema, bool isInteger)
    {
        decimal? minimum = schema.Number("minimum");
        decimal? above = schema.Number("exclusiveMinimum");
        decimal? maximum = schema.Number("maximum");
        decimal? below = schema.Number("exclusiveMaximum");
        if (minimum is null && above is null && maximum is null && below is null)
        {
            return builder.Call(isInteger ? _json.Integer : _json.Number, builder.End());
        }

        bool lowIsOut = above >= (minimum ?? above);
        bool highIsOut = below <= (maximum ?? below);
        decimal low = (lowIsOut ? above : minimum) ?? -NumberRange.Limit;
        decimal high = (highIsOut ? below : maximum) ?? NumberRange.Limit;
        return new NumberRange(builder, isInteger).Between(low, high, lowIsOut, highIsOut);
    }

    private static void RequireOrder(SchemaReader schema, int min, int? max, string minKeyword, string maxKeyword)
    {
        if (max < min)
        {
            schema.Violate(minKeyword, $"is {min}, but {maxKeyword} is {max}; raise {maxKeyword}");
        }
    }
}
