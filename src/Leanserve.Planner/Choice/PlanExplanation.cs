using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>Walks through the arithmetic of the selected (or, when nothing is feasible, the closest) candidate, with units.</summary>
public static class PlanExplanation
{
    public static IEnumerable<string> Lines(DeploymentPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var candidate = plan.Selected ?? plan.Candidates.FirstOrDefault(other => other.Limits is not null) ?? plan.Candidates[0];
        var profile = DeploymentPlanner.ProfileOf(plan.Input);
        var constants = PlannerConstants.Default.With(plan.Input.Assumptions);
        return
        [
            $"How {candidate.Name} was computed", "",
            .. Memory(plan.Input, candidate, profile), "",
            .. Latency(plan.Input, candidate, profile, constants), "",
            .. Efficiency(plan, candidate, constants), "",
            "Constants, each of which spec.assumptions overrides by name within its bounds", .. Constants(plan.Input),
        ];
    }

    private static IEnumerable<string> Memory(PlanInput input, Candidate candidate, EngineProfile profile)
    {
        var geometry = input.Geometry;
        var perToken = KvCacheMemory.BytesPerToken(geometry, profile.KvBytesPerElement);
        yield return "Memory of one replica";
        yield return $"  weights       {Wording.Count(geometry.Parameters)} parameters as {candidate.Precision} = {Wording.Bytes(candidate.Memory.WeightsBytes)}";
        yield return $"  KV a token    2 × {Wording.Plural(geometry.Layers, "layer")} × {Wording.Plural(geometry.KeyValueHeads, "head")} × {geometry.HeadSize} × {profile.KvBytesPerElement} bytes = {Wording.Bytes(perToken)}";
        if (candidate.Limits is { } limits)
        {
            yield return $"  KV buffer     {Wording.Count(limits.KvSlots)} slots × {Wording.Bytes(perToken)} = {Wording.Bytes((double)limits.KvSlots * perToken)} for documents and {limits.MaxConcurrentRequests} requests at once";
        }

        yield return $"  runtime       {Wording.Bytes(candidate.Memory.RuntimeBytes)} of process, arena and activations";
        yield return $"  total         {Wording.Bytes(candidate.Memory.TotalBytes)} of {Wording.Bytes(candidate.Memory.AvailableBytes)} usable";
    }

    private static IEnumerable<string> Latency(PlanInput input, Candidate candidate, EngineProfile profile, PlannerConstants constants)
    {
        var geometry = input.Geometry;
        var matrices = ModelShape.MatrixWeights(geometry);
        var cost = new ForwardCost(geometry, candidate.Precision, input.Node.BandwidthBytesPerSecond, input.Node.FlopsPerSecond, profile);
        yield return $"Time, by the engine profile {profile.Name} ({profile.Provenance})";
        yield return $"  reading       {Wording.Count(matrices / 1e6)} M weights in a decode step from {Wording.Bytes(input.Node.BandwidthBytesPerSecond)} a second, {Wording.Percent(profile.BandwidthEfficiency)} of it reached";
        yield return $"  arithmetic    2 operations a weight and token at {Wording.Digits(input.Node.FlopsPerSecond / 1e12)} Tflop/s, {Wording.Percent(profile.ComputeEfficiency)} of it reached";
        yield return $"  one step      {Wording.Time(cost.StepSeconds(0, 1, 1, 0, 0))} for one token, {Wording.Time(cost.StepSeconds(0, 8, 8, 0, 0))} for eight side by side";
        yield return $"  prompt        {Wording.Time(cost.PrefillSeconds(input.Traffic.PromptTokens, 0, constants[Constant.PrefillChunkTokens]))} for {Wording.Count(input.Traffic.PromptTokens)} tokens, documents not counted, in chunks of {Wording.Count(constants[Constant.PrefillChunkTokens])}";
        if (candidate.DraftTokens > 0)
        {
            var drafts = new NGramDrafts(candidate.DraftTokens, input.Traffic.CopiedShare, 0);
            yield return $"  drafts        up to {candidate.DraftTokens} tokens a step, shared by its answers; {Wording.Percent(input.Traffic.CopiedShare)} of an answer is repeated text: "
                + $"a lone answer grows by {Wording.Digits(drafts.TokensGained(1))} tokens a step, each of four by {Wording.Digits(drafts.TokensGained(4))}";
        }

        if (candidate.Latency is { } latency)
        {
            yield return $"  under load    {Wording.Digits(latency.MeanInService)} requests in service on average, load {Wording.Percent(latency.Utilization)} of a replica's capacity";
            yield return $"  first token   median {Wording.Time(latency.TtftP50)}, 95 % {Wording.Time(latency.TtftP95)};  a token {Wording.Time(latency.Itl)};  answer 95 % {Wording.Time(latency.E2eP95)}";
        }
    }

    private static IEnumerable<string> Efficiency(DeploymentPlan plan, Candidate candidate, PlannerConstants constants)
    {
        if (candidate.Oae is not { } oae)
        {
            yield break;
        }

        var shares = oae.Scenarios;
        var cheapest = oae.Score * oae.Cost.TotalUsd / (shares.Mean * oae.AnswerQuality);
        yield return "Overhead-aware efficiency";
        yield return $"  good share    mean of nominal {Wording.Percent(shares.Nominal)}, burst × {plan.Input.Traffic.BurstFactor} {Wording.Percent(shares.Burst)}, longer prompts {Wording.Percent(shares.NoisyInput)}, "
            + $"hardware × {Wording.Digits(constants[Constant.CommodityFactor])} {Wording.Percent(shares.CommodityHardware)}, documents changing {Wording.Percent(shares.KnowledgeChange)} = {Wording.Percent(shares.Mean)}";
        yield return $"  parts         {string.Join(", ", candidate.Parts.Parts.Select(part => part.Count > 1 ? $"{part.Count} × {part.Name} ({part.Kind})" : $"{part.Name} ({part.Kind})"))}";
        yield return $"  effort        {Wording.Digits(oae.AdoptionEngineerWeeks)} engineer-weeks to adopt, {Wording.Digits(oae.OperationsHoursPerMonth)} hours a month, at {Wording.Usd(plan.Input.Team.HourlyCostUsd)} an hour";
        yield return $"  month         hardware {Wording.Usd(oae.Cost.HardwareUsd)} + energy {Wording.Usd(oae.Cost.EnergyUsd)} + carbon {Wording.Usd(oae.Cost.CarbonUsd)} + adoption {Wording.Usd(oae.Cost.AdoptionUsd)} "
            + $"+ operations {Wording.Usd(oae.Cost.OperationsUsd)} + services {Wording.Usd(oae.Cost.ServicesUsd)} = {Wording.Usd(oae.Cost.TotalUsd)}";
        yield return $"  score         {Wording.Percent(shares.Mean)} × quality {Wording.Digits(oae.AnswerQuality)} × cheapest hardware {Wording.Usd(cheapest)} / {Wording.Usd(oae.Cost.TotalUsd)} = {Wording.Digits(oae.Score)}";
    }

    private static IEnumerable<string> Constants(PlanInput input) => PlannerConstants.Documented.Select(constant =>
        input.Assumptions.TryGetValue(constant.Name.ToString(), out var mine)
            ? $"  {constant.Name} = {Wording.Digits(mine)} {constant.Unit} (yours; by default {Wording.Digits(constant.Value)}; {constant.Range})"
            : $"  {constant.Name} = {Wording.Digits(constant.Value)} {constant.Unit} ({constant.Source}; {constant.Range})");
}
