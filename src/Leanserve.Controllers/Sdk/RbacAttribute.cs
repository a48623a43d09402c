namespace Leanserve.Controllers.Sdk;

/// <summary>A permission that a controller needs; the RBAC manifests are generated from these.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public abstract class RbacAttribute : Attribute;
