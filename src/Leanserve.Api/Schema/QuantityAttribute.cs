namespace Leanserve.Api.Schema;

/// <summary>A Kubernetes quantity such as <c>24Gi</c>; a plain number is accepted as well as a string.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class QuantityAttribute : Attribute
{
    /// <summary>The pattern that controller-gen writes for <c>resource.Quantity</c>.</summary>
    public const string Pattern =
        @"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";

    public const int MaxLength = 32;
}
