using System.Reflection;
using System.Text.Json.Nodes;
using Leanserve.Api;
using Leanserve.Api.Schema;

namespace Leanserve.Generator.Schema;

/// <summary>The CustomResourceDefinition of <see cref="LlmDeployment"/> (apiextensions.k8s.io/v1).</summary>
public static class CustomResourceDefinition
{
    private const string Rules = "x-kubernetes-validations";

    /// <summary>The definition with its CEL rules, for API servers from 1.25 on.</summary>
    public static JsonObject Build()
    {
        var builder = new SchemaBuilder(XmlSummaries.Of(typeof(LlmDeployment).Assembly));
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{LlmDeployment.Plural}.{LlmDeployment.Group}" },
            ["spec"] = new JsonObject
            {
                ["group"] = LlmDeployment.Group,
                ["names"] = Names(),
                ["scope"] = "Namespaced",
                ["versions"] = new JsonArray(Version(builder)),
            },
        };
    }

    /// <summary>
    /// The definition without CEL rules: servers before 1.25 do not know the field, and kubectl refuses to send it to them.
    /// The operator checks the same rules itself.
    /// </summary>
    public static JsonObject BuildWithoutRules()
    {
        var definition = Build();
        RemoveRules(definition);
        return definition;
    }

    /// <summary>The schema of one version's objects, as it stands in <see cref="Build"/>.</summary>
    public static JsonObject Schema(JsonObject definition) =>
        definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();

    private static JsonObject Names() => new()
    {
        ["kind"] = LlmDeployment.KindName,
        ["listKind"] = $"{LlmDeployment.KindName}List",
        ["plural"] = LlmDeployment.Plural,
        ["shortNames"] = new JsonArray(LlmDeployment.ShortName),
        ["singular"] = LlmDeployment.KindName.ToLowerInvariant(),
    };

    private static JsonObject Version(SchemaBuilder builder) => new()
    {
        ["name"] = LlmDeployment.Version,
        ["served"] = true,
        ["storage"] = true,
        ["additionalPrinterColumns"] = new JsonArray([.. PrinterColumns()]),
        ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
        ["schema"] = new JsonObject { ["openAPIV3Schema"] = builder.Object(typeof(LlmDeployment)) },
    };

    private static IEnumerable<JsonNode> PrinterColumns() =>
        typeof(LlmDeployment).GetCustomAttributes<PrinterColumnAttribute>().OrderBy(column => column.Order).Select(Column);

    private static JsonNode Column(PrinterColumnAttribute column)
    {
        var node = new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["jsonPath"] = column.JsonPath };
        if (column.Priority > 0)
        {
            node["priority"] = column.Priority;
        }

        return node;
    }

    private static void RemoveRules(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            map.Remove(Rules);
            foreach (var (_, member) in map)
            {
                RemoveRules(member);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                RemoveRules(item);
            }
        }
    }
}
