namespace Leanserve.Controllers.Sdk;

/// <summary>Permissions on resources given by name, for those without an entity type (subresources, URLs).</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public class GenericRbacAttribute : RbacAttribute
{
    /// <summary>API groups; the core group is the empty string.</summary>
    public string[] Groups { get; init; } = [];

    /// <summary>Plural resource names, with subresource: <c>deployments/status</c>.</summary>
    public string[] Resources { get; init; } = [];

    /// <summary>Non-resource URLs.</summary>
    public string[] Urls { get; init; } = [];

    /// <summary>What may be done to them.</summary>
    public RbacVerb Verbs { get; init; }
}
