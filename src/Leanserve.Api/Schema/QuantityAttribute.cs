namespace Leanserve.Api.Schema;

/// <summary>A Kubernetes quantity such as <c>24Gi</c>; a plain number is accepted as well as a string.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class QuantityAttribute : Attribute;
