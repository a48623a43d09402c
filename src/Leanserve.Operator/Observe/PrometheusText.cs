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

    /// <summary>Whether there is a sample of this name with all of these labels, whose values hold nothing that the format escapes.</summary>
    public static bool Has(string exposition, string name, params ReadOnlySpan<(string Label, string Value)> labels)
    {
        foreach (var line in exposition.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name) && line.Length > name.Length && line[name.Length] == '{' && HasLabels(line[name.Length..], labels))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasLabels(ReadOnlySpan<char> line, ReadOnlySpan<(string Label, string Value)> labels)
    {
        foreach (var (label, value) in labels)
        {
            var at = line.IndexOf($"{label}=\"{value}\"");
            if (at < 1 || line[at - 1] is not ('{' or ','))
            {
                return false;
            }
        }

        return true;
    }
}
