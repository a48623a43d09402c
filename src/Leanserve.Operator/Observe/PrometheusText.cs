using System.Globalization;

namespace Leanserve.Operator.Observe;

/// <summary>Reads single samples out of the Prometheus text format.</summary>
public static class PrometheusText
{
    /// <summary>The sum of all samples of this name, whatever their labels; null where there is none.</summary>
    public static double? Sum(string exposition, string name)
    {
        double? sum = null;
        foreach (var line in exposition.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(name) || line.Length <= name.Length || line[name.Length] is not (' ' or '{'))
            {
                continue;
            }

            var value = line[(line.LastIndexOf(' ') + 1)..];
            if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                sum = (sum ?? 0) + number;
            }
        }

        return sum;
    }
}
