using System.Globalization;
using k8s.Models;

namespace Leanserve.Translation;

/// <summary>Reads the numbers that the wire carries as strings.</summary>
internal static class WireNumber
{
    /// <summary>A decimal string's value; null where it is absent or is none, which the schema reports.</summary>
    public static double? Decimal(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A quantity in whole bytes, rounded down; null where it is none or beyond 64 bits.</summary>
    public static long? Bytes(string? text)
    {
        try
        {
            return (long)new ResourceQuantity(text).ToDecimal();
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }
}
