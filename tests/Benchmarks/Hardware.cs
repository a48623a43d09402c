namespace Leanserve.Benchmarks;

/// <summary>Where and under which load a figure was measured.</summary>
internal static class Hardware
{
    public const int Threads = 2;

    public static string Describe()
    {
        string processor = ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim() ?? "unknown";
        string load = ReadLines("/proc/loadavg").FirstOrDefault()?.Split(' ')[0] ?? "unknown";
        return $"{processor}, {Threads} of {Environment.ProcessorCount} processors, load {load}";
    }

    private static IEnumerable<string> ReadLines(string path) => File.Exists(path) ? File.ReadLines(path) : [];
}
