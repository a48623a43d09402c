using System.Globalization;

namespace Leanserve.Planner;

/// <summary>The known GPUs, read from the embedded <c>gpus.csv</c>. A name that is not here needs its capacity stated by hand.</summary>
public static class GpuCatalogue
{
    private const double Giga = 1e9;
    private const double Gibi = 1024.0 * 1024 * 1024;

    /// <summary>Every known GPU, in the order of the data file.</summary>
    public static IReadOnlyList<GpuModel> All { get; } = [.. EmbeddedData.Lines("gpus.csv").Skip(1).Select(Parse)];

    /// <summary>The names for messages: "T4, L4, A10 …".</summary>
    public static string KnownNames { get; } = string.Join(", ", All.Select(gpu => gpu.Name));

    /// <summary>The GPU of this name, letter case and blanks ignored; null when it is not known.</summary>
    public static GpuModel? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(gpu => string.Equals(Fold(gpu.Name), Fold(name), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The GPU that a node's label <c>nvidia.com/gpu.product</c> names; null when it is not known.</summary>
    public static GpuModel? FindByProductLabel(string product) => All.FirstOrDefault(gpu => gpu.IsNamedBy(product));

    private static string Fold(string name) => name.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    private static GpuModel Parse(string line)
    {
        var fields = line.Split(',', 8);
        return new GpuModel
        {
            Name = fields[0],
            ProductLabels = fields[1].Trim('"').Split('|'),
            // A 24 GB card holds 24 GiB of chips; drivers and ECC take their share, which the usable fraction leaves free.
            MemoryBytes = (long)(Number(fields[2]) * Gibi),
            BandwidthBytesPerSecond = Number(fields[3]) * Giga,
            FlopsPerSecond = Number(fields[4]) * 1e12,
            ThermalDesignWatts = Number(fields[5]),
            UsdPerHour = fields[6].Length == 0 ? null : Number(fields[6]),
            PriceNote = fields[7],
        };
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
