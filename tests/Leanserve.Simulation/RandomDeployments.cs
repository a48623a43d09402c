using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Simulation;

/// <summary>Deployments as users might ask for them: from small models on a few cores to large ones on several accelerators, at any load. The same for the same seed.</summary>
public static class RandomDeployments
{
    private static readonly WeightPrecision[] GpuPrecisions = [WeightPrecision.Float16, WeightPrecision.Int8, WeightPrecision.Int4];
    // The catalogue's and one that somebody states by hand.
    private static readonly GpuModel[] Gpus =
    [
        .. GpuCatalogue.All,
        new()
        {
            Name = "stated", ProductLabels = [], MemoryBytes = 192L << 30, BandwidthBytesPerSecond = 5.3e12, FlopsPerSecond = 1.307e15, ThermalDesignWatts = 750, PriceNote = "",
        },
    ];

    private static readonly WeightPrecision[] CpuPrecisions = [WeightPrecision.Float32, WeightPrecision.Int8, WeightPrecision.Int4];

    /// <summary>Plans of those for which something is feasible, without end.</summary>
    public static IEnumerable<DeploymentPlan> FeasiblePlans(int seed)
    {
        for (var random = new Random(seed); ;)
        {
            var input = Next(random);
            if (DeploymentPlanner.ChooseBriefly(input).Feasible)
            {
                yield return DeploymentPlanner.Choose(input);
            }
        }
    }

    // Offers for one GPU differ up to fourfold.
    private static NodeCapability Priced(NodeCapability node, int times) => node with { UsdPerHour = node.UsdPerHour * times };

    private static PlanInput Next(Random random)
    {
        var onGpu = random.NextDouble() < 0.75;
        var precisions = onGpu ? GpuPrecisions : CpuPrecisions;
        var first = random.Next(precisions.Length);
        var node = onGpu
            ? Priced(Gpus[random.Next(Gpus.Length)].ToNode(), 1 << random.Next(3))
            : CpuNode.Of(random.Next(2, 33), (long)random.Next(8, 65) << 30);
        return new PlanInput
        {
            Geometry = Model(random, onGpu ? 7 : 3),
            Weights = [.. precisions.Skip(first).Take(1 + random.Next(2)).Select(precision => new WeightVariant(precision))],
            Node = node,
            Traffic = new()
            {
                QueriesPerSecond = Between(random, 0.01, onGpu ? 50 : 2),
                BurstFactor = 1 + (4 * random.NextDouble()),
                PromptTokens = (int)Between(random, 20, 3000),
                OutputTokens = (int)Between(random, 5, 1000),
            },
            Objectives = Goals(random),
            Knowledge = random.NextDouble() < 0.4
                ? new()
                : new() { Tokens = (long)Between(random, 500, 300_000), Sources = random.Next(1, 4), ChangesPerDay = random.Next(0, 25) },
            Team = new() { Expertise = (ExpertiseLevel)random.Next(4), HourlyCostUsd = random.Next(20, 150) },
            Replicas = new() { Max = random.Next(1, 9) },
        };
    }

    private static ModelGeometry Model(Random random, int sizes)
    {
        var size = random.Next(sizes);
        var hidden = ((int[])[768, 1024, 2048, 3072, 4096, 5120, 8192])[size];
        var heads = hidden / (size < 2 ? 64 : 128);
        var layers = ((int[])[12, 24, 28, 32, 36, 48, 80])[size];
        var feedForward = hidden * random.Next(8, 14) / 3;
        var vocabulary = ((int[])[32_000, 128_256, 151_936])[random.Next(3)];
        var keyValueHeads = Math.Max(1, heads >> random.Next(4));
        var layer = ((2L * heads) + (2L * keyValueHeads)) * (hidden / heads) * hidden + (3L * hidden * feedForward);
        return new ModelGeometry
        {
            Parameters = (layers * layer) + (2L * vocabulary * hidden),
            Layers = layers,
            HiddenSize = hidden,
            AttentionHeads = heads,
            KeyValueHeads = keyValueHeads,
            HeadSize = hidden / heads,
            IntermediateSize = feedForward,
            VocabularySize = vocabulary,
            MaxContextTokens = 4096 << random.Next(6),
        };
    }

    private static Objectives Goals(Random random) => new()
    {
        TimeToFirstToken = random.NextDouble() < 0.2 ? null : TimeSpan.FromSeconds(Between(random, 0.2, 20)),
        RequestLatency = random.NextDouble() < 0.2 ? null : TimeSpan.FromSeconds(Between(random, 2, 120)),
        Percentile = ((int[])[50, 80, 90, 95, 99])[random.Next(5)],
        Exactness = (AnswerExactness)random.Next(3),
    };

    private static double Between(Random random, double low, double high) => low * Math.Pow(high / low, random.NextDouble());
}
