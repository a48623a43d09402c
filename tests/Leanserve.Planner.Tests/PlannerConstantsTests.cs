using System.Text.Json;

namespace Leanserve.Planner.Tests;

/// <summary>The bounds of the constants: within them every plan can be computed.</summary>
public sealed class PlannerConstantsTests
{
    // Of a queue and places as long as the bounds allow; the rest of a plan takes some hundred kilobytes.
    private const long MostBytes = 16 << 20;

    private static readonly PlanInput[] Inputs =
    [
        Cases.OnL4(5000),
        Cases.OnL4(5000) with { Objectives = new() { Exactness = AnswerExactness.RequireExact }, Knowledge = new() { Tokens = 5_000_000, Sources = 3, ChangesPerDay = 10 } },
        Cases.OnCpu(Cases.BenchmarkModel, 2000) with
        {
            Knowledge = new() { Tokens = 2000, Sources = 1, ChangesPerDay = 1, EmbeddingModel = new EmbeddingModelDemand(90L << 20, 384) },
            Traffic = new() { QueriesPerSecond = 0.1, CopiedShare = 1 },
        },
    ];

    public static TheoryData<string> Names => [.. PlannerConstants.Documented.Select(constant => constant.Name.ToString())];

    [Theory]
    [MemberData(nameof(Names))]
    public void Plan_WithAConstantAtEitherBound_IsFiniteInBoundedMemory(string name)
    {
        var constant = PlannerConstants.Find(name)!;
        foreach (var value in (double[])[constant.Least, constant.Most])
        {
            Assert.All(Inputs, input =>
            {
                var own = input with { Assumptions = new Dictionary<string, double> { [name] = value } };
                var before = GC.GetAllocatedBytesForCurrentThread();
                _ = DeploymentPlanner.Choose(own);
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);

                // JSON knows neither infinities nor NaN: what is none of them can be written.
                Assert.NotEmpty(JsonSerializer.Serialize(DeploymentPlanner.Plan(own)));
            });
        }
    }

    [Theory]
    [InlineData("HorizonMonths", 0, "HorizonMonths is 0; it must be a number from 1 to 600; leave it out to keep 12.")]
    [InlineData("MaxQueuedRequests", 999_999_999, "MaxQueuedRequests is 999999999; it must be a whole number from 0 to 10000; leave it out to keep 64.")]
    [InlineData("BeamWidth", 2.5, "BeamWidth is 2.5; it must be a whole number from 2 to 64; leave it out to keep 4.")]
    [InlineData("QualityRag", double.NaN, "QualityRag is NaN; it must be a number from 0.01 to 1; leave it out to keep 0.98.")]
    public void Violation_BeyondABound_SaysValueBoundAndRemedy(string name, double value, string sentence) => Assert.Equal(sentence, PlannerConstants.Violation(name, value));

    [Fact]
    public void Bounds_OfEveryConstant_HoldItsValue() => Assert.All(PlannerConstants.Documented, constant =>
    {
        Assert.True(constant.Allows(constant.Value) && constant.Allows(constant.Least) && constant.Allows(constant.Most), $"{constant.Name}");
        Assert.Null(PlannerConstants.Violation(constant.Name.ToString(), constant.Value));
    });

    [Fact]
    public void Constants_InTheDataFile_AllHaveASource() =>
        Assert.All(PlannerConstants.Documented, constant => Assert.False(string.IsNullOrWhiteSpace(constant.Source)));

    [Fact]
    public void Assumption_OfAnUnknownName_IsRefusedWithTheKnownOnes()
    {
        var input = Cases.OnL4() with { Assumptions = new Dictionary<string, double> { ["Beams"] = 3 } };
        Assert.Contains("BeamWidth", Assert.Throws<ArgumentException>(() => DeploymentPlanner.Plan(input)).Message, StringComparison.Ordinal);
    }
}
