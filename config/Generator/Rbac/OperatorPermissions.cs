using System.Reflection;
using k8s.Models;
using Leanserve.Controllers.Sdk;
using Leanserve.Operator.Hosting;

namespace Leanserve.Generator.Rbac;

/// <summary>What the operator may do, collected from the attributes on its classes.</summary>
public sealed record OperatorPermissions
{
    // Kinds that stand in no namespace: a Role cannot grant them.
    private static readonly HashSet<string> ClusterScoped = ["nodes", "namespaces", "persistentvolumes", "storageclasses", "customresourcedefinitions"];

    /// <summary>Rules for kinds that stand in a namespace.</summary>
    public required IReadOnlyList<RoleRule> Namespaced { get; init; }

    /// <summary>Rules for kinds of the whole cluster.</summary>
    public required IReadOnlyList<RoleRule> Cluster { get; init; }

    /// <summary>The permissions of the operator's assembly.</summary>
    public static OperatorPermissions Collect()
    {
        var grants = typeof(OperatorOptions).Assembly.GetTypes()
            .SelectMany(type => type.GetCustomAttributes<RbacAttribute>())
            .SelectMany(Grants).ToList();
        return new OperatorPermissions
        {
            Namespaced = Rules(grants.Where(grant => !ClusterScoped.Contains(grant.Resource))),
            Cluster = Rules(grants.Where(grant => ClusterScoped.Contains(grant.Resource))),
        };
    }

    private static IEnumerable<(string Group, string Resource, RbacVerb Verbs)> Grants(RbacAttribute attribute) => attribute switch
    {
        EntityRbacAttribute entities => entities.Entities.Select(type => type.GetCustomAttribute<KubernetesEntityAttribute>()!)
            .Select(kind => (kind.Group, kind.PluralName, entities.Verbs)),
        GenericRbacAttribute { Urls.Length: 0 } generic => generic.Groups.SelectMany(group => generic.Resources.Select(resource => (group, resource, generic.Verbs))),
        _ => throw new ArgumentException($"{attribute.GetType().Name} with URLs cannot be turned into a rule of a Role."),
    };

    // All verbs of one resource together, then all resources of one group with the same verbs in one rule.
    private static IReadOnlyList<RoleRule> Rules(IEnumerable<(string Group, string Resource, RbacVerb Verbs)> grants) =>
    [
        .. grants.GroupBy(grant => (grant.Group, grant.Resource), (key, same) => (key.Group, key.Resource, Verbs: same.Aggregate(RbacVerb.None, (all, grant) => all | grant.Verbs)))
            .GroupBy(grant => (grant.Group, grant.Verbs))
            .Select(rule => new RoleRule(rule.Key.Group, [.. rule.Select(grant => grant.Resource).Order(StringComparer.Ordinal)], RoleVerbs.Of(rule.Key.Verbs)))
            .OrderBy(rule => rule.ApiGroup, StringComparer.Ordinal).ThenBy(rule => rule.Resources[0], StringComparer.Ordinal),
    ];
}
