using System.Text.Json.Nodes;
using Leanserve.Planner;
using Leanserve.Translation.Planning;

namespace Leanserve.Translation.Reporting;

/// <summary>The plan as <c>leanserve plan -o json</c> prints it: a contract for programs, so members are added but never renamed.</summary>
public static class PlanJson
{
    /// <summary>One deployment's plan with every candidate.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="contradictions">Stated values that measurements contradict.</param>
    /// <param name="notes">What the plan had to assume.</param>
    public static JsonObject Of(string name, DeploymentPlan plan, IReadOnlyList<Contradiction> contradictions, IReadOnlyList<string> notes)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new JsonObject
        {
            ["name"] = name,
            ["feasible"] = plan.Feasible,
            ["summary"] = plan.Summary,
            ["selected"] = plan.Selected is { } selected ? Selected(selected) : null,
            ["marginPercent"] = JsonNumber.Of(plan.MarginPercent),
            ["flipPoints"] = new JsonArray([.. plan.Flips.Select(Flip)]),
            ["candidates"] = new JsonArray([.. plan.Candidates.Select(Candidate)]),
            ["nearestFeasibleChange"] = plan.NearestFeasibleChange?.Message,
            ["feasibleChanges"] = new JsonArray([.. plan.FeasibleChanges.Select(change => new JsonObject { ["kind"] = change.Kind, ["message"] = change.Message })]),
            ["stability"] = plan.Stability is { } stability ? Stability(stability) : null,
            ["findings"] = Findings(plan),
            ["warnings"] = new JsonArray([.. contradictions.Select(contradiction => JsonValue.Create(contradiction.ToString()))]),
            ["notes"] = new JsonArray([.. notes.Concat(PlanNotes.Of(plan)).Select(note => JsonValue.Create(note))]),
            ["inputs"] = PlanInputJson.Of(plan.Input),
        };
    }

    private static JsonObject Selected(Candidate candidate) => new()
    {
        ["knowledge"] = candidate.Knowledge.ToString(),
        ["decoding"] = candidate.Decoding.ToString(),
        ["precision"] = candidate.Precision.ToString(),
        ["draftTokens"] = candidate.DraftTokens,
        ["replicas"] = candidate.Replicas,
    };

    private static JsonNode Candidate(Candidate candidate) => new JsonObject
    {
        ["name"] = candidate.Name,
        ["technique"] = candidate.Technique.ToString(),
        ["knowledge"] = candidate.Knowledge.ToString(),
        ["decoding"] = candidate.Decoding.ToString(),
        ["precision"] = candidate.Precision.ToString(),
        ["replicas"] = candidate.Replicas,
        ["verdict"] = candidate.Verdict.ToString(),
        ["reason"] = candidate.Reason,
        ["message"] = candidate.Message,
        ["memory"] = Memory(candidate.Memory),
        ["latency"] = candidate.Latency is { } latency ? Latency(latency) : null,
        ["capacityQps"] = JsonNumber.Of(candidate.CapacityQps),
        ["oae"] = candidate.Oae is { } oae ? Oae(oae) : null,
        ["winsAt"] = candidate.WinsAt is { } point ? new JsonObject { [point.Dimension] = JsonNumber.Of(point.Threshold), ["above"] = point.Above } : null,
        ["parts"] = new JsonArray([.. candidate.Parts.Parts.Select(Part)]),
    };

    private static JsonObject Memory(MemoryBudget memory) => new()
    {
        ["weightsBytes"] = memory.WeightsBytes,
        ["knowledgeKvBytes"] = memory.KnowledgeKvBytes,
        ["refreshKvBytes"] = memory.RefreshKvBytes,
        ["requestKvBytes"] = memory.RequestKvBytes,
        ["runtimeBytes"] = memory.RuntimeBytes,
        ["totalBytes"] = memory.TotalBytes,
        ["availableBytes"] = memory.AvailableBytes,
    };

    private static JsonObject Latency(LatencyPrediction latency) => new()
    {
        ["ttftP50Ms"] = JsonNumber.Of(latency.TtftP50.TotalMilliseconds),
        ["ttftP95Ms"] = JsonNumber.Of(latency.TtftP95.TotalMilliseconds),
        ["itlMs"] = JsonNumber.Of(latency.Itl.TotalMilliseconds),
        ["e2eP50Ms"] = JsonNumber.Of(latency.E2eP50.TotalMilliseconds),
        ["e2eP95Ms"] = JsonNumber.Of(latency.E2eP95.TotalMilliseconds),
        ["utilization"] = JsonNumber.Of(latency.Utilization),
    };

    private static JsonObject Oae(OaeAssessment oae) => new()
    {
        ["score"] = JsonNumber.Of(oae.Score),
        ["usdPerMillionTokens"] = JsonNumber.Of(oae.UsdPerMillionTokens),
        ["adoptionEngineerWeeks"] = JsonNumber.Of(oae.AdoptionEngineerWeeks),
        ["operationsHoursPerMonth"] = JsonNumber.Of(oae.OperationsHoursPerMonth),
        ["robustness"] = JsonNumber.Of(oae.Robustness),
        ["talentGap"] = oae.TalentGap,
        ["joulesPerToken"] = JsonNumber.Of(oae.JoulesPerToken),
        ["gramsCo2PerMillionTokens"] = JsonNumber.Of(oae.GramsCo2PerMillionTokens),
        ["answerQuality"] = JsonNumber.Of(oae.AnswerQuality),
        ["usdPerMonth"] = new JsonObject
        {
            ["hardware"] = JsonNumber.Of(oae.Cost.HardwareUsd),
            ["energy"] = JsonNumber.Of(oae.Cost.EnergyUsd),
            ["carbon"] = JsonNumber.Of(oae.Cost.CarbonUsd),
            ["adoption"] = JsonNumber.Of(oae.Cost.AdoptionUsd),
            ["operations"] = JsonNumber.Of(oae.Cost.OperationsUsd),
            ["services"] = JsonNumber.Of(oae.Cost.ServicesUsd),
            ["total"] = JsonNumber.Of(oae.Cost.TotalUsd),
        },
        ["scenarios"] = new JsonObject
        {
            ["nominal"] = JsonNumber.Of(oae.Scenarios.Nominal),
            ["burst"] = JsonNumber.Of(oae.Scenarios.Burst),
            ["noisyInput"] = JsonNumber.Of(oae.Scenarios.NoisyInput),
            ["commodityHardware"] = JsonNumber.Of(oae.Scenarios.CommodityHardware),
            ["knowledgeChange"] = JsonNumber.Of(oae.Scenarios.KnowledgeChange),
        },
    };

    private static JsonNode Part(Part part) => new JsonObject { ["kind"] = part.Kind.ToString(), ["name"] = part.Name, ["count"] = part.Count };

    private static JsonNode Flip(FlipPoint flip) => new JsonObject
    {
        ["dimension"] = flip.Dimension,
        ["threshold"] = JsonNumber.Of(flip.Threshold),
        ["above"] = flip.Above,
        ["winner"] = flip.Winner,
        ["message"] = flip.Message,
    };

    private static JsonObject Stability(StabilityReport stability) => new()
    {
        ["stable"] = stability.Stable,
        ["trials"] = stability.Trials,
        ["changes"] = new JsonArray([.. stability.Changes.Select(change => JsonValue.Create(change))]),
    };

    private static JsonObject Findings(DeploymentPlan plan)
    {
        (string Type, PlanFinding? Finding)[] findings =
        [
            ("AdoptionAffordable", plan.AdoptionAffordable), ("RobustUnderConstraints", plan.RobustUnderConstraints), ("TalentSufficient", plan.TalentSufficient),
        ];
        return new JsonObject(findings.Select(pair => KeyValuePair.Create(pair.Type, (JsonNode?)(pair.Finding is { } finding
            ? new JsonObject { ["holds"] = finding.Holds, ["reason"] = finding.Reason, ["message"] = finding.Message }
            : null))));
    }
}
