using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Leanserve.Cli.Plans;
using Leanserve.Planner;
using Leanserve.Translation.Planning;
using Perfolizer.Horology;

namespace Leanserve.Benchmarks.Planner;

/// <summary>What BenchmarkDotNet measures: plans of <c>config/samples</c>. Public because it generates callers of it.</summary>
public class PlanTimes
{
    private static readonly string[] Names = ["quickstart", "handbook", "wiki", "exact", "gpu-plan", "infeasible"];

    private PlanInput input = null!;

    /// <summary>In this process, so that no other project is built; ten short iterations are enough for a median.</summary>
    internal static IConfig Config { get; } = ManualConfig.CreateEmpty()
        .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithIterationTime(TimeInterval.FromMilliseconds(100)).WithWarmupCount(5).WithIterationCount(10))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddLogger(NullLogger.Instance)
        .WithArtifactsPath(Path.Combine("artifacts", "bench", "BenchmarkDotNet"));

    public static IEnumerable<string> Samples => Names;

    [ParamsSource(nameof(Samples))]
    public string Sample { get; set; } = "";

    [GlobalSetup]
    public void ReadSample() => input = Read(Sample);

    /// <summary>The choice with every candidate's figures.</summary>
    [Benchmark]
    public DeploymentPlan Choose() => DeploymentPlanner.Choose(input);

    /// <summary>The same with what would change it: flip points and stability, or the nearest feasible change.</summary>
    [Benchmark]
    public DeploymentPlan Plan() => DeploymentPlanner.Plan(input);

    private static PlanInput Read(string sample)
    {
        var path = Path.Combine("config", "samples", $"{sample}.yaml");
        var file = PlanFile.Read(File.ReadAllText(path), path, new NodeFacts { Cores = 2, AllocatableMemoryBytes = 8L << 30 });
        return file.Planned.Single().Plan.Input;
    }
}
