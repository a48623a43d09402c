namespace Leanserve.Api.Schema;

/// <summary>A non-negative decimal number written as a string, because Kubernetes' API conventions allow no floats.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DecimalStringAttribute : Attribute
{
    /// <summary>At most nine digits before the point and six behind it.</summary>
    public const string Pattern = @"^[0-9]{1,9}(\.[0-9]{1,6})?$";

    /// <summary>Digits and the point.</summary>
    public const int MaxLength = 16;
}
