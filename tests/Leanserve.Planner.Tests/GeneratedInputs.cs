using CsCheck;
using Leanserve.Contracts;

namespace Leanserve.Planner.Tests;

/// <summary>Random deployments of every kind: from tiny models on a CPU to large ones that fit nowhere.</summary>
internal static class GeneratedInputs
{
    private static readonly Gen<ModelGeometry> Geometry =
        from layers in Gen.Int[1, 64]
        from keyValueHeads in Gen.OneOfConst(1, 2, 4, 8)
        from groups in Gen.OneOfConst(1, 2, 4)
        from headSize in Gen.OneOfConst(16, 64, 128)
        from vocabulary in Gen.OneOfConst(512, 32000, 200064)
        from context in Gen.OneOfConst(1024, 8192, 131072)
        let hidden = keyValueHeads * groups * headSize
        let layer = (4L * hidden * hidden) + (12L * hidden * hidden)
        select new ModelGeometry
        {
            Parameters = (layers * layer) + (2L * vocabulary * hidden),
            Layers = layers,
            HiddenSize = hidden,
            AttentionHeads = keyValueHeads * groups,
            KeyValueHeads = keyValueHeads,
            HeadSize = headSize,
            IntermediateSize = 4 * hidden,
            VocabularySize = vocabulary,
            MaxContextTokens = context,
        };

    private static readonly Gen<NodeCapability> Node = Gen.OneOf(
        Gen.Int[0, GpuCatalogue.All.Count - 1].Select(index => GpuCatalogue.All[index].ToNode()),
        Gen.Select(Gen.Int[1, 32], Gen.Int[1, 64], (cores, gigabytes) => CpuNode.Of(cores, (long)gigabytes << 30)));

    private static readonly Gen<Traffic> Load =
        from logRate in Gen.Double[-2, 2]
        from burst in Gen.Double[1, 5]
        from prompt in Gen.Int[1, 2000]
        from output in Gen.Int[1, 1000]
        from copied in Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 1])
        select new Traffic { QueriesPerSecond = Math.Pow(10, logRate), BurstFactor = burst, PromptTokens = prompt, OutputTokens = output, CopiedShare = copied };

    private static readonly Gen<Objectives> Goals =
        from first in Gen.Int[50, 20000]
        from whole in Gen.Int[200, 200000]
        from percentile in Gen.Int[50, 99]
        from exactness in Gen.Enum<AnswerExactness>()
        from bounded in Gen.Bool
        select new Objectives
        {
            TimeToFirstToken = bounded ? TimeSpan.FromMilliseconds(first) : null,
            RequestLatency = TimeSpan.FromMilliseconds(whole),
            Percentile = percentile,
            Exactness = exactness,
        };

    private static readonly Gen<KnowledgeDemand> Documents =
        from any in Gen.Bool
        from logTokens in Gen.Double[1, 7]
        from sources in Gen.Int[1, 4]
        from changes in Gen.Double[0, 50]
        select any ? new KnowledgeDemand { Tokens = (long)Math.Pow(10, logTokens), Sources = sources, ChangesPerDay = changes } : new KnowledgeDemand();

    // From the least to nearly the most that a resource can write.
    private static readonly Gen<double> Amount = Gen.Double[-6, 8.99].Select(log => Math.Pow(10, log));

    private static readonly Gen<Prices> Money =
        from node in Maybe(Amount)
        from electricity in Maybe(Gen.OneOf(Gen.Const(0.0), Amount))
        from grid in Maybe(Gen.Double[0, 5000])
        select new Prices { NodeUsdPerHour = node, ElectricityUsdPerKilowattHour = electricity, GridGramsCo2PerKilowattHour = grid };

    private static readonly Gen<Team> People =
        from expertise in Gen.Enum<ExpertiseLevel>()
        from engineers in Gen.Int[1, 1000]
        from hourly in Gen.Frequency((3, Gen.Double[10, 200]), (1, Amount), (1, Gen.Const(0.0)))
        select new Team { Engineers = engineers, Expertise = expertise, HourlyCostUsd = hourly };

    // At a bound as often as between the bounds, where every order of magnitude is as likely.
    private static readonly Gen<KeyValuePair<string, double>> Assumption =
        from index in Gen.Int[0, PlannerConstants.Documented.Count - 1]
        from place in Gen.OneOf(Gen.OneOfConst(0.0, 1.0), Gen.Double[0, 1])
        let constant = PlannerConstants.Documented[index]
        let value = Math.Clamp(constant.Least + Math.Pow(1 + constant.Most - constant.Least, place) - 1, constant.Least, constant.Most)
        select KeyValuePair.Create(constant.Name.ToString(), constant.IsWhole ? Math.Round(value) : value);

    /// <summary>A deployment with no strategy pinned.</summary>
    public static Gen<PlanInput> Any { get; } =
        from geometry in Geometry
        from node in Node
        from traffic in Load
        from objectives in Goals
        from knowledge in Documents
        from team in People
        from prices in Money
        from precision in Gen.OneOfConst(WeightPrecision.Float32, WeightPrecision.Float16, WeightPrecision.Int8, WeightPrecision.Int4)
        from replicas in Gen.Int[1, 8]
        from least in Gen.OneOfConst(1, 1, 1, 2, 70)
        select new PlanInput
        {
            Geometry = geometry,
            Weights = [new WeightVariant(precision)],
            Node = node,
            Traffic = traffic,
            Objectives = objectives,
            Knowledge = knowledge,
            Team = team,
            Prices = prices,
            Replicas = new ReplicaBounds { Min = least, Max = least + replicas - 1 },
        };

    /// <summary>A deployment that overrides some of the planner's constants within their bounds.</summary>
    public static Gen<PlanInput> Opinionated { get; } = Gen.Select(
        Any, Assumption.Array[1, 8], (input, assumptions) => input with { Assumptions = assumptions.DistinctBy(one => one.Key).ToDictionary() });

    private static Gen<double?> Maybe(Gen<double> value) => Gen.OneOf(Gen.Const((double?)null), value.Select(number => (double?)number));
}
