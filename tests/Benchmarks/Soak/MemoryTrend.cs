using System.Globalization;
using System.Text;

namespace Leanserve.Benchmarks.Soak;

/// <summary>Memory over time, in megabytes, and where it is heading once the start is over.</summary>
internal sealed class MemoryTrend
{
    private const double WarmUp = 0.25;
    private const int Columns = 60;
    private const string Bars = "▁▂▃▄▅▆▇█";

    private readonly List<(double Seconds, double Megabytes)> _samples = [];

    public double Last => _samples[^1].Megabytes;

    /// <summary>Of the least-squares line through what follows the warm-up, the first quarter.</summary>
    public double SlopePerHour => 3600 * Slope();

    /// <summary>What that line rises by over its time, as a fraction of the mean.</summary>
    public double Growth => Slope() * (Settled[^1].Seconds - Settled[0].Seconds) / Settled.Average(sample => sample.Megabytes);

    private List<(double Seconds, double Megabytes)> Settled => _samples[(int)(WarmUp * _samples.Count)..];

    public void Add(TimeSpan time, double megabytes) => _samples.Add((time.TotalSeconds, megabytes));

    public async Task SaveAsync(string path, CancellationToken cancellationToken) => await File.WriteAllLinesAsync(
        path,
        _samples.Select(sample => string.Create(CultureInfo.InvariantCulture, $"{sample.Seconds:0.0},{sample.Megabytes:0.0}")).Prepend("seconds,resident_megabytes"),
        cancellationToken);

    /// <summary>One line from the first sample to the last, from the lowest to the highest.</summary>
    public string Chart()
    {
        double low = _samples.Min(sample => sample.Megabytes);
        double high = _samples.Max(sample => sample.Megabytes);
        var line = new StringBuilder();
        foreach (var part in _samples.Chunk(Math.Max(1, _samples.Count / Columns)))
        {
            double height = (part.Average(sample => sample.Megabytes) - low) / Math.Max(high - low, 1);
            line.Append(Bars[(int)(height * (Bars.Length - 1))]);
        }

        return string.Create(CultureInfo.InvariantCulture, $"soak: memory {low:0} to {high:0} MB {line}");
    }

    private double Slope()
    {
        var settled = Settled;
        double middle = settled.Average(sample => sample.Seconds);
        double mean = settled.Average(sample => sample.Megabytes);
        return settled.Sum(sample => (sample.Seconds - middle) * (sample.Megabytes - mean)) / settled.Sum(sample => (sample.Seconds - middle) * (sample.Seconds - middle));
    }
}
