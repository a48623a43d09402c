using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Leanserve.Api.Schema;

namespace Leanserve.Generator.Schema;

/// <summary>
/// Builds the structural OpenAPI v3 schema of a resource's types: names as System.Text.Json writes them, bounds from DataAnnotations,
/// Kubernetes extensions from <see cref="Leanserve.Api.Schema"/>, descriptions from the XML documentation.
/// </summary>
public sealed class SchemaBuilder(XmlSummaries summaries)
{
    /// <summary>The schema of a class with all its properties, in the order of declaration.</summary>
    public JsonObject Object(Type type, string? description = null)
    {
        var members = new JsonObject();
        var required = new JsonArray();
        foreach (var property in Members(type))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            members.Add(name, Property(property));
            if (property.IsDefined(typeof(RequiredAttribute)))
            {
                required.Add(name);
            }
        }

        var schema = new JsonObject { ["type"] = "object" };
        AddDescription(schema, description ?? summaries[type]);
        schema["properties"] = members;
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        AddRules(schema, type);
        return schema;
    }

    /// <summary>The properties of a wire type, in the order of declaration.</summary>
    public static IEnumerable<PropertyInfo> Members(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(property => property.MetadataToken);

    private JsonObject Property(PropertyInfo property)
    {
        var schema = TypeSchema(property);
        AddDescription(schema, summaries[property]);
        SchemaBounds.Add(schema, property);
        if (property.GetCustomAttribute<DefaultValueAttribute>()?.Value is { } value)
        {
            schema["default"] = value is string or Enum ? JsonValue.Create(value.ToString()) : JsonSerializer.SerializeToNode(value);
        }

        AddRules(schema, property);
        return schema;
    }

    private JsonObject TypeSchema(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (property.IsDefined(typeof(QuantityAttribute)))
        {
            return ScalarSchemas.Quantity();
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>))
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = Items(type.GetGenericArguments()[1], property) };
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>))
        {
            return List(property, type.GetGenericArguments()[0]);
        }

        return Named(type);
    }

    private JsonObject List(PropertyInfo property, Type item)
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = Items(item, property) };
        if (property.GetCustomAttribute<ListMapAttribute>() is { } map)
        {
            schema["x-kubernetes-list-map-keys"] = new JsonArray(map.Key);
            schema["x-kubernetes-list-type"] = "map";
        }
        else
        {
            schema["x-kubernetes-list-type"] = "atomic";
        }

        return schema;
    }

    private JsonObject Items(Type item, PropertyInfo container)
    {
        var schema = Named(item);
        if (item == typeof(string))
        {
            SchemaBounds.AddForItems(schema, container);
        }

        return schema;
    }

    private JsonObject Named(Type type) => ScalarSchemas.Of(type) ?? Object(type);

    private static void AddDescription(JsonObject schema, string? description)
    {
        if (description is not null)
        {
            schema["description"] = description;
        }
    }

    private static void AddRules(JsonObject schema, MemberInfo member)
    {
        var rules = member.GetCustomAttributes<CelRuleAttribute>()
            .Select(rule => (JsonNode)new JsonObject { ["message"] = rule.Message, ["rule"] = rule.Rule }).ToArray();
        if (rules.Length == 0)
        {
            return;
        }

        if (schema["x-kubernetes-validations"] is JsonArray inherited)
        {
            Array.ForEach(rules, inherited.Add);
            return;
        }

        schema["x-kubernetes-validations"] = new JsonArray(rules);
    }
}
