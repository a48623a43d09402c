using System.Globalization;
using System.Text.Json.Nodes;

namespace Leanserve.Translation.Reporting;

/// <summary>Numbers for programs: six significant digits, and null for what JSON cannot say.</summary>
internal static class JsonNumber
{
    public static JsonNode? Of(double? value) =>
        value is { } number && double.IsFinite(number)
            ? JsonValue.Create(double.Parse(number.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))
            : null;
}
