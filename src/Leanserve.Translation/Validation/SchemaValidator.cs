using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leanserve.Translation.Validation;

/// <summary>
/// Validates JSON against a structural OpenAPI v3 schema as the API server does, so that a manifest's faults are known offline:
/// every violation at once, unknown fields included (which kubectl refuses).
/// </summary>
public sealed class SchemaValidator
{
    private readonly List<Violation> _violations = [];
    private readonly List<JsonNode> _offending = [];

    private SchemaValidator()
    {
    }

    /// <summary>All that <paramref name="schema"/> finds wrong with <paramref name="value"/>.</summary>
    public static SchemaFindings Validate(JsonNode? value, JsonObject schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var validator = new SchemaValidator();
        validator.Check(value, schema, "");
        return new SchemaFindings(validator._violations, validator._offending);
    }

    private void Check(JsonNode? value, JsonObject schema, string path)
    {
        if (value is null)
        {
            Add(path, "null", "the field has no value", "Give it one, or leave the field out");
            return;
        }

        var before = _violations.Count;
        var isInteger = value.GetValueKind() == JsonValueKind.Number && SchemaScalar.IsInteger(value);
        if (schema["x-kubernetes-int-or-string"] is not null)
        {
            CheckText(isInteger ? value.ToJsonString() : null, value, schema, path);
        }
        else if (!SchemaScalar.HasType(value, (string?)schema["type"]))
        {
            Add(path, value, $"must be {SchemaScalar.TypeName((string?)schema["type"])}", SchemaScalar.TypeRemedy(value, (string?)schema["type"]));
        }
        else
        {
            CheckTyped(value, schema, path);
        }

        if (_violations.Count > before && value is JsonValue)
        {
            _offending.Add(value);
        }
    }

    private void CheckText(string? number, JsonNode value, JsonObject schema, string path)
    {
        if (number is null && value.GetValueKind() != JsonValueKind.String)
        {
            Add(path, value, "must be a quantity", "Write an integer or a string such as 24Gi");
            return;
        }

        _violations.AddRange(SchemaScalar.Text(number ?? value.GetValue<string>(), schema, path));
    }

    private void CheckTyped(JsonNode value, JsonObject schema, string path)
    {
        switch (value)
        {
            case JsonObject map:
                CheckObject(map, schema, path);
                break;
            case JsonArray list:
                CheckList(list, schema, path);
                break;
            default:
                _violations.AddRange(SchemaScalar.Bounds(value, schema, path));
                break;
        }
    }

    private void CheckObject(JsonObject map, JsonObject schema, string path)
    {
        if (schema["maxProperties"] is { } most && map.Count > most.GetValue<long>())
        {
            Add(path, null, $"has {map.Count} entries; at most {most} are allowed", $"Remove {map.Count - most.GetValue<long>()}");
        }

        foreach (var name in (schema["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>()).Where(name => !map.ContainsKey(name)))
        {
            var description = schema["properties"]![name]!["description"];
            Add(FieldPath.Member(path, name), null, "is required and missing", $"Add it: {description}".TrimEnd('.', ' ', ':'));
        }

        foreach (var (name, member) in map)
        {
            CheckMember(name, member, schema, path);
        }
    }

    private void CheckMember(string name, JsonNode? member, JsonObject schema, string path)
    {
        var child = FieldPath.Member(path, name);
        if (schema["properties"]?[name] is JsonObject known)
        {
            Check(member, known, child);
        }
        else if (schema["additionalProperties"] is JsonObject item)
        {
            Check(member, item, child);
        }
        else if (schema["properties"] is JsonObject members)
        {
            Add(child, Shown.Of(member), "is no field of LlmDeployment", NearestName.Remedy(name, members.Select(field => field.Key)));
        }
    }

    private void CheckList(JsonArray list, JsonObject schema, string path)
    {
        if (schema["maxItems"] is { } most && list.Count > most.GetValue<long>())
        {
            Add(path, null, $"has {list.Count} items; at most {most} are allowed", $"Remove {list.Count - most.GetValue<long>()}");
        }

        for (var index = 0; index < list.Count; index++)
        {
            Check(list[index], schema["items"]!.AsObject(), FieldPath.Item(path, index));
        }

        if ((string?)schema["x-kubernetes-list-map-keys"]?[0] is { } key)
        {
            CheckKeys(list, key, path);
        }
    }

    private void CheckKeys(JsonArray list, string key, string path)
    {
        var seen = new HashSet<string>();
        for (var index = 0; index < list.Count; index++)
        {
            if (list[index] is JsonObject item && item[key] is { } value && !seen.Add(value.ToJsonString()))
            {
                Add(FieldPath.Member(FieldPath.Item(path, index), key), value, $"is used twice, but {key} tells the items apart", $"Give each item its own {key}");
            }
        }
    }

    private void Add(string path, JsonNode value, string rule, string remedy) => Add(path, Shown.Of(value), rule, remedy);

    private void Add(string path, string? shown, string rule, string remedy) => _violations.Add(new Violation(path, shown, rule, remedy));
}
