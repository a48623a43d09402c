#if CUDA
using System.Diagnostics;
using System.Globalization;
#endif
using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Benchmarks;

/// <summary>Where and under which load a figure was measured: on the processor or, in builds with <c>-p:Accelerator=cuda</c>, on the first GPU.</summary>
internal static class Hardware
{
    public const int Threads = 2;

#if CUDA
    public static ExecutionProvider Provider => ExecutionProvider.Cuda;

    /// <summary>What the planner knows of the hardware.</summary>
    public static NodeCapability Node { get; } = Gpu(Query("name"));

    /// <summary>Memory of the GPU that is taken, in bytes; null on the processor.</summary>
    public static long? GpuMemoryBytes => long.Parse(Query("memory.used").Split(' ')[0], CultureInfo.InvariantCulture) << 20;

    public static string Describe() => $"{Query("name")}, driver {Query("driver_version")}";

    private static NodeCapability Gpu(string name)
    {
        var gpu = GpuCatalogue.FindByProductLabel(name.Replace(' ', '-')) ?? throw new InvalidOperationException($"The catalogue knows no GPU that calls itself '{name}'.");
        return new NodeCapability
        {
            Name = gpu.Name,
            Kind = NodeKind.Gpu,
            MemoryBytes = gpu.MemoryBytes,
            BandwidthBytesPerSecond = gpu.BandwidthBytesPerSecond,
            FlopsPerSecond = gpu.FlopsPerSecond,
        };
    }

    private static string Query(string field)
    {
        var start = new ProcessStartInfo("nvidia-smi", [$"--query-gpu={field}", "--format=csv,noheader", "--id=0"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("nvidia-smi did not start.");
        return process.StandardOutput.ReadToEnd().Trim();
    }
#else
    public static ExecutionProvider Provider => ExecutionProvider.Cpu;

    /// <summary>What the planner knows of the hardware.</summary>
    public static NodeCapability Node { get; } = CpuNode.Of(Threads, 8_000_000_000);

    /// <summary>Memory of the GPU that is taken, in bytes; null on the processor.</summary>
    public static long? GpuMemoryBytes => null;

    public static string Describe()
    {
        string processor = ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim() ?? "unknown";
        string load = ReadLines("/proc/loadavg").FirstOrDefault()?.Split(' ')[0] ?? "unknown";
        return $"{processor}, {Threads} of {Environment.ProcessorCount} processors, load {load}";
    }

    private static IEnumerable<string> ReadLines(string path) => File.Exists(path) ? File.ReadLines(path) : [];
#endif
}
