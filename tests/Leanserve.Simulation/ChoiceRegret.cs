using System.Globalization;
using Leanserve.Planner;

namespace Leanserve.Simulation;

/// <summary>What a plan's choice loses against the best candidate when both are judged by simulated shares of good requests.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Chosen">Simulated shares of its choice.</param>
/// <param name="Best">The best candidate; the choice itself where none is better.</param>
/// <param name="BestShares">Simulated shares of that one.</param>
public sealed record ChoiceRegret(DeploymentPlan Plan, ScenarioShares Chosen, Candidate Best, ScenarioShares BestShares)
{
    /// <summary>How much lower the choice scores, as a share of the best score; at least 0.</summary>
    public double Share => Math.Max(0, 1 - (Worth(Plan.Selected!, Chosen.Mean) / Worth(Best, BestShares.Mean)));

    /// <summary>The deployment, and what was predicted and simulated of both candidates.</summary>
    public override string ToString()
    {
        var input = Plan.Input;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Share:0.0 %} on {input.Node.Name}: {input.Geometry.Parameters / 1e9:0.0} B, {input.Traffic.QueriesPerSecond:0.###} queries/s in bursts of {input.Traffic.BurstFactor:0.0}, {input.Traffic.PromptTokens} + {input.Traffic.OutputTokens} tokens, {input.Knowledge.Tokens} of documents, {input.Objectives.TimeToFirstToken?.TotalSeconds:0.##} s / {input.Objectives.RequestLatency?.TotalSeconds:0.##} s for {input.Objectives.Percentile} %, {input.Replicas.Max} replicas at most\n  chosen {Told(Plan.Selected!, Chosen)}\n  best   {Told(Best, BestShares)}");
    }

    /// <summary>A candidate's score but for what all of a plan's candidates share.</summary>
    internal static double Worth(Candidate candidate, double share) => share * candidate.Oae!.AnswerQuality / candidate.Oae.Cost.TotalUsd;

    private static string Told(Candidate candidate, ScenarioShares seen) => string.Create(
        CultureInfo.InvariantCulture,
        $"{candidate.Name} x{candidate.Replicas} ({candidate.Reason}, {candidate.Limits!.MaxConcurrentRequests} places, {candidate.Latency?.Utilization:0.0 %} busy, {candidate.Oae!.Cost.TotalUsd:0} USD): predicted {Shares(candidate.Oae.Scenarios)}, simulated {Shares(seen)}");

    private static string Shares(ScenarioShares shares) => string.Create(
        CultureInfo.InvariantCulture, $"{shares.Nominal:0.000} {shares.Burst:0.000} {shares.NoisyInput:0.000} {shares.CommodityHardware:0.000} {shares.KnowledgeChange:0.000}");
}
