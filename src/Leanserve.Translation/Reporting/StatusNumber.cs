using System.Globalization;

namespace Leanserve.Translation.Reporting;

/// <summary>Writes numbers as the status carries them: decimal strings of a few digits, in the invariant culture, without exponents.</summary>
internal static class StatusNumber
{
    private const int MostDecimals = 9;

    /// <summary>The number rounded to <paramref name="digits"/> significant digits; whole digits are never dropped.</summary>
    public static string Text(double value, int digits = 3)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "Only finite numbers can be written to the status.");
        }

        var magnitude = value == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(value))) + 1;
        var decimals = Math.Clamp(digits - magnitude, 0, MostDecimals);
        return Math.Round(value, decimals, MidpointRounding.ToEven).ToString($"0.{new string('#', decimals)}", CultureInfo.InvariantCulture);
    }

    public static string? Text(double? value, int digits = 3) => value is { } number ? Text(number, digits) : null;

    public static string Milliseconds(TimeSpan duration) => Text(duration.TotalMilliseconds);
}
