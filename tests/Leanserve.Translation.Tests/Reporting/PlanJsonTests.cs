using System.Text.Json.Nodes;
using Leanserve.Translation.Planning;
using Leanserve.Translation.Reporting;

namespace Leanserve.Translation.Tests.Reporting;

public sealed class PlanJsonTests
{
    [Fact]
    public void Of_FeasiblePlan_HasTheContractsMembers()
    {
        var plan = SamplePlans.Of("handbook").Plan;

        var json = PlanJson.Of("handbook", plan, [], []);

        Contains(json, "name", "feasible", "selected", "candidates", "nearestFeasibleChange", "inputs");
        Contains(json["selected"]!, "knowledge", "decoding", "precision", "replicas");
        var candidate = json["candidates"]![0]!;
        Contains(candidate, "technique", "knowledge", "decoding", "precision", "replicas", "verdict", "reason", "message", "memory", "latency", "capacityQps", "oae");
        Contains(candidate["memory"]!, "weightsBytes", "knowledgeKvBytes", "refreshKvBytes", "requestKvBytes", "runtimeBytes", "totalBytes", "availableBytes");
        Contains(candidate["latency"]!, "ttftP50Ms", "ttftP95Ms", "itlMs", "e2eP95Ms");
        Contains(
            candidate["oae"]!, "score", "usdPerMillionTokens", "adoptionEngineerWeeks", "operationsHoursPerMonth", "robustness", "talentGap", "joulesPerToken",
            "gramsCo2PerMillionTokens");
        Assert.Equal("Selected", (string?)candidate["verdict"]);
        Assert.Equal(plan.Candidates.Count, json["candidates"]!.AsArray().Count);
    }

    [Fact]
    public void Of_InfeasiblePlan_SelectsNothingAndNamesTheChange()
    {
        var json = PlanJson.Of("infeasible", SamplePlans.Of("infeasible").Plan, [new Contradiction("spec.knowledge.tokens", "1", "2")], []);

        Assert.False((bool)json["feasible"]!);
        Assert.Null(json["selected"]);
        Assert.NotEmpty((string)json["nearestFeasibleChange"]!);
        Assert.Contains("states 1, but 2 was measured", (string?)json["warnings"]![0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AnyPlan_IsValidJson() => Assert.All(
        SamplePlans.Names, name => Assert.NotNull(JsonNode.Parse(PlanJson.Of(name, SamplePlans.Of(name).Plan, [], []).ToJsonString())));

    private static void Contains(JsonNode node, params string[] members) => Assert.Empty(members.Except(node.AsObject().Select(member => member.Key)));
}
