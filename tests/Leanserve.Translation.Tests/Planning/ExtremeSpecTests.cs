using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using Leanserve.Planner;
using Leanserve.Translation.Planning;
using Leanserve.Translation.Reading;
using Leanserve.Translation.Reporting;
using Leanserve.Translation.Validation;

namespace Leanserve.Translation.Tests.Planning;

/// <summary>Whatever the schema and the rules let through can be planned, and the plan can be written to the status.</summary>
public sealed class ExtremeSpecTests
{
    private const int Mixtures = 1000;
    private const string LeastDecimal = "\"0.000001\"";
    private const string MostDecimal = "\"999999999.999999\"";

    // The field as the full manifest states it, and the ends of what it may be.
    private static readonly (string Stated, string Least, string Most)[] Ends =
    [
        ("parameters: 3840000000", "1", "10000000000000"),
        ("layers: 32", "1", "1000"),
        ("hiddenSize: 3072", "1", "1000000"),
        ("attentionHeads: 24", "8", "10000"),
        ("keyValueHeads: 8", "1", "24"),
        ("headSize: 128", "1", "10000"),
        ("intermediateSize: 8192", "1", "10000000"),
        ("vocabularySize: 200064", "2", "10000000"),
        ("maxContextTokens: 131072", "1", "100000000"),
        ("weightBits: 4", "4", "32"),
        ("memory: 24Gi", "1", "7Ei"),
        ("bandwidthGigabytesPerSecond: \"300\"", LeastDecimal, MostDecimal),
        ("teraflops: \"121\"", LeastDecimal, MostDecimal),
        ("thermalDesignWatts: 72", "1", "100000"),
        ("queriesPerSecond: \"2\"", LeastDecimal, MostDecimal),
        ("burstFactor: \"2.5\"", "\"1\"", MostDecimal),
        ("promptTokens: 310", "1", "10000000"),
        ("outputTokens: 260", "1", "1000000"),
        ("timeToFirstTokenMilliseconds: 1500", "1", "15000"),
        ("requestLatencyMilliseconds: 15000", "1500", "86400000"),
        ("percentile: 90", "50", "99"),
        ("tokens: 40000", "0", "1000000000000"),
        ("changesPerDay: \"0.5\"", "\"0\"", MostDecimal),
        ("engineers: 3", "1", "1000"),
        ("hourlyCost: \"80.5\"", "\"0\"", MostDecimal),
        ("gpuHourly: \"0.68\"", LeastDecimal, MostDecimal),
        ("electricityPerKilowattHour: \"0.15\"", "\"0\"", MostDecimal),
        ("gridGramsCo2PerKilowattHour: 369", "0", "5000"),
        ("minReplicas: 2, maxReplicas: 3", "1, maxReplicas: 1", "1, maxReplicas: 100"),
    ];

    private static readonly string Open = Manifests.With("strategy: {knowledge: Rag, decoding: Sampling}", "strategy: {}");

    // Under hardly any load and no objectives nothing is too slow, so the slowest is planned to the end.
    private static readonly string Patient = Open
        .Replace("queriesPerSecond: \"2\"", "queriesPerSecond: \"0.000001\"", StringComparison.Ordinal)
        .Replace("    timeToFirstTokenMilliseconds: 1500\n    requestLatencyMilliseconds: 15000\n", "", StringComparison.Ordinal);

    public static TheoryData<string, bool> Fields =>
        [.. from patient in (bool[])[false, true] from end in Ends where (patient ? Patient : Open).Contains(end.Stated, StringComparison.Ordinal) select (end.Stated, patient)];

    [Theory]
    [MemberData(nameof(Fields))]
    public void Plan_WithAFieldAtEitherEnd_CanBeWrittenToTheStatus(string stated, bool patient)
    {
        var manifest = patient ? Patient : Open;
        var (_, least, most) = Ends.Single(end => end.Stated == stated);
        Assert.All([least, most], end => _ = CheckWritten(manifest.Replace(stated, $"{Name(stated)} {end}", StringComparison.Ordinal)));
    }

    // Seeded, so that a failure can be repeated. Ends that contradict one another are refused.
    [Fact]
    public void Plan_WithSomeFieldsAndConstantsAtTheirEnds_CanBeWrittenToTheStatus()
    {
        var feasible = 0;
        Assert.All(Enumerable.Range(0, Mixtures), seed =>
        {
            var manifest = Mixture(new Random(seed));
            feasible += DeploymentReader.Read(manifest, "test.yaml").Violations.Count == 0 && CheckWritten(manifest) ? 1 : 0;
        });
        Assert.InRange(feasible, Mixtures / 4, Mixtures);
    }

    private static string Mixture(Random random)
    {
        var manifest = random.Next(2) == 0 ? Open : Patient;
        foreach (var (stated, least, most) in Ends)
        {
            var end = random.Next(24) switch { 0 => least, 1 => most, _ => null };
            manifest = end is null ? manifest : manifest.Replace(stated, $"{Name(stated)} {end}", StringComparison.Ordinal);
        }

        var constants = random.GetItems([.. PlannerConstants.Documented], random.Next(4)).Distinct()
            .Select(constant => string.Create(CultureInfo.InvariantCulture, $"{constant.Name}: \"{(decimal)(random.Next(2) == 0 ? constant.Least : constant.Most)}\""));
        return manifest.Replace("HorizonMonths: \"24\"", string.Join(", ", constants), StringComparison.Ordinal);
    }

    private static string Name(string stated) => stated[..(stated.IndexOf(':', StringComparison.Ordinal) + 1)];

    // Whether something was chosen.
    private static bool CheckWritten(string manifest)
    {
        var deployment = Manifests.Parse(manifest);
        var request = PlanInputFactory.Create(deployment, new MeasuredFacts());
        Assert.Empty(request.Violations);
        var plan = DeploymentPlanner.Plan(request.Input!);

        // JSON knows neither infinities nor NaN: what is none of them can be written.
        Assert.NotEmpty(JsonSerializer.Serialize(plan));
        Assert.True(PlanJson.Of("extreme", plan, [], [])["feasible"] is not null);
        StatusWriter.Write(deployment.Status, deployment.Spec, plan);
        Assert.Empty(SchemaValidator.Validate(JsonNode.Parse(KubernetesJson.Serialize(deployment)), DeploymentSchema.Root).Violations);
        return plan.Feasible;
    }
}
