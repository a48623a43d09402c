using Leanserve.Api;
using Leanserve.Planner;

namespace Leanserve.Translation.Reporting;

/// <summary>Writes a plan into the planned part of a deployment's status; conditions, endpoint and observations are others' business.</summary>
public static class StatusWriter
{
    private const int MostCandidates = 32;
    private const int MostFlipPoints = 8;

    /// <summary>Replaces what an earlier plan left in <paramref name="status"/>.</summary>
    /// <param name="status">The status to change.</param>
    /// <param name="spec">The spec that was planned; names the model.</param>
    /// <param name="plan">The plan, feasible or not.</param>
    public static void Write(LlmDeploymentStatus status, LlmDeploymentSpec spec, DeploymentPlan plan)
    {
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(plan);
        status.Model = Model(spec.Model, plan);
        status.Summary = StatusText.Message(plan.Summary);
        status.Strategy = plan.Selected is { } selected ? Strategy(selected) : null;
        status.Plan = plan.Selected is null ? null : Prediction(plan.Selected, plan);
        status.Answers =
        [
            .. PlanAnswers.Of(plan).Select(answer => StatusText.Message($"{answer.Question} {answer.Text}")),
            .. PlanNotes.Of(plan).Select(note => StatusText.Message($"Note: {note}")),
        ];
        status.Oae = plan.Selected?.Oae is { } oae ? Oae(oae) : null;
        status.Candidates = [.. plan.Candidates.Take(MostCandidates).Select(Candidate)];
        status.NearestFeasibleChange = plan.NearestFeasibleChange is { } change ? StatusText.Message(change.Message) : null;
    }

    // The folder's name, or the ConfigMap's; the shape alone is named by its size.
    private static string Model(ModelSpec model, DeploymentPlan plan)
    {
        var volume = model.Source?.PersistentVolumeClaim;
        var folder = volume?.Path?.TrimEnd('/').Split('/')[^1];
        var name = !string.IsNullOrEmpty(folder) ? folder
            : volume?.ClaimName ?? model.Source?.ConfigMapRef?.Name ?? $"{StatusNumber.Text(plan.Input.Geometry.Parameters / 1e9)}B";
        var precision = plan.Selected?.Precision ?? plan.Input.Weights[0].Precision;
        return $"{name} {precision}";
    }

    private static ChosenStrategyStatus Strategy(Candidate candidate) => new()
    {
        Summary = candidate.Name,
        Knowledge = candidate.Knowledge.ToString(),
        Decoding = candidate.Decoding.ToString(),
        Precision = candidate.Precision.ToString(),
        DraftTokens = candidate.DraftTokens == 0 ? null : candidate.DraftTokens,
        Replicas = candidate.Replicas,
    };

    private static PlanStatus Prediction(Candidate candidate, DeploymentPlan plan) => new()
    {
        Memory = new MemoryStatus
        {
            WeightsBytes = candidate.Memory.WeightsBytes,
            KnowledgeKvBytes = candidate.Memory.KnowledgeKvBytes,
            RefreshKvBytes = candidate.Memory.RefreshKvBytes,
            RequestKvBytes = candidate.Memory.RequestKvBytes,
            RuntimeBytes = candidate.Memory.RuntimeBytes,
            TotalBytes = candidate.Memory.TotalBytes,
            AvailableBytes = candidate.Memory.AvailableBytes,
        },
        Latency = candidate.Latency is not { } latency ? null : new LatencyStatus
        {
            TtftP50Milliseconds = StatusNumber.Milliseconds(latency.TtftP50),
            TtftP95Milliseconds = StatusNumber.Milliseconds(latency.TtftP95),
            ItlMilliseconds = StatusNumber.Milliseconds(latency.Itl),
            E2eP95Milliseconds = StatusNumber.Milliseconds(latency.E2eP95),
        },
        CapacityQueriesPerSecond = StatusNumber.Text(candidate.CapacityQps),
        KvSlots = candidate.Limits?.KvSlots,
        MarginPercent = StatusNumber.Text(plan.MarginPercent),
        Stability = plan.Stability is { } stability ? StatusText.Message(stability.Message) : null,
        FlipPoints = [.. plan.Flips.Take(MostFlipPoints).Select(flip => StatusText.Message(flip.Message))],
    };

    private static OaeStatus Oae(OaeAssessment oae) => new()
    {
        Score = StatusNumber.Text(oae.Score),
        UsdPerMillionTokens = StatusNumber.Text(oae.UsdPerMillionTokens),
        UsdPerMonth = StatusNumber.Text(oae.Cost.TotalUsd),
        AdoptionEngineerWeeks = StatusNumber.Text(oae.AdoptionEngineerWeeks, digits: 2),
        OperationsHoursPerMonth = StatusNumber.Text(oae.OperationsHoursPerMonth, digits: 2),
        Robustness = StatusNumber.Text(oae.Robustness),
        TalentGap = StatusNumber.Text(oae.TalentGap),
        JoulesPerToken = StatusNumber.Text(oae.JoulesPerToken),
        GramsCo2PerMillionTokens = StatusNumber.Text(oae.GramsCo2PerMillionTokens),
    };

    private static CandidateStatus Candidate(Candidate candidate) => new()
    {
        Name = candidate.Name,
        Verdict = candidate.Verdict.ToString(),
        Reason = candidate.Reason,
        Message = StatusText.Message(candidate.Message),
        Score = StatusNumber.Text(candidate.Oae?.Score),
        UsdPerMillionTokens = StatusNumber.Text(candidate.Oae?.UsdPerMillionTokens),
    };
}
