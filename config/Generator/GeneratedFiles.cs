using System.Text.Json.Nodes;
using Leanserve.Generator.Docs;
using Leanserve.Generator.Rbac;
using Leanserve.Generator.Schema;
using Leanserve.Translation.Yaml;

namespace Leanserve.Generator;

/// <summary>Everything that follows from code.</summary>
public static class GeneratedFiles
{
    private const string Header = "# Generated from src/Leanserve.Api by `make generate`; do not edit.\n";
    private const string LegacyHeader = Header + "# For API servers before 1.25, which know no CEL rules; the operator checks them itself.\n";
    private const string RoleHeader = "# Generated from the attributes on src/Leanserve.Operator's classes by `make generate`; do not edit.\n";
    private const string CrdFile = "leanserve.io_llmdeployments.yaml";

    /// <summary>All generated files, in the order of their paths.</summary>
    public static IReadOnlyList<GeneratedFile> All()
    {
        var definition = CustomResourceDefinition.Build();
        var crd = Yaml(definition, Header);
        GeneratedFile[] files =
        [
            new($"crds/{CrdFile}", crd),
            new($"config/crd/{CrdFile}", crd),
            new($"config/crd/legacy/{CrdFile}", Yaml(CustomResourceDefinition.BuildWithoutRules(), LegacyHeader)),
            new($"charts/leanserve/crds/{CrdFile}", crd),
            .. Roles(),
            new("config/docs/reference.md", FieldReference.Write(CustomResourceDefinition.Schema(definition))),
        ];
        return [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    private static IEnumerable<GeneratedFile> Roles()
    {
        var permissions = OperatorPermissions.Collect();
        var role = new JsonObject
        {
            ["apiVersion"] = "rbac.authorization.k8s.io/v1",
            ["kind"] = "ClusterRole",
            ["metadata"] = new JsonObject { ["name"] = "leanserve-operator" },
            ["rules"] = Rules([.. permissions.Namespaced, .. permissions.Cluster]),
        };
        yield return new("config/rbac/role.yaml", Yaml(role, RoleHeader));
        yield return new("charts/leanserve/files/namespaced-rules.yaml", RoleHeader + JsonYaml.Write(Rules(permissions.Namespaced)));
        yield return new("charts/leanserve/files/cluster-rules.yaml", RoleHeader + JsonYaml.Write(Rules(permissions.Cluster)));
    }

    private static JsonArray Rules(IEnumerable<RoleRule> rules) => [.. rules.Select(rule => rule.ToJson())];

    private static string Yaml(JsonObject content, string header) => header + "---\n" + JsonYaml.Write(content);
}
