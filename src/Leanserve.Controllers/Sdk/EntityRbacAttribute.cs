namespace Leanserve.Controllers.Sdk;

/// <summary>Permissions on kinds given by their entity types.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public class EntityRbacAttribute(params Type[] entities) : RbacAttribute
{
    /// <summary>The entity types; each carries a <c>KubernetesEntityAttribute</c>.</summary>
    public IEnumerable<Type> Entities => entities;

    /// <summary>What may be done to them.</summary>
    public RbacVerb Verbs { get; init; }
}
