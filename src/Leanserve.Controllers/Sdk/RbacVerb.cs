namespace Leanserve.Controllers.Sdk;

/// <summary>The verbs of an RBAC rule.</summary>
[Flags]
public enum RbacVerb
{
    None = 0,
    All = 1 << 0,
    Get = 1 << 1,
    List = 1 << 2,
    Watch = 1 << 3,
    Create = 1 << 4,
    Update = 1 << 5,
    Patch = 1 << 6,
    Delete = 1 << 7,

    /// <summary>Every verb, written out one by one where <see cref="All"/> is written as <c>*</c>.</summary>
    AllExplicit = 1 << 8,
}
