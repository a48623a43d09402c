using Leanserve.Contracts;

namespace Leanserve.Planner.Tests;

/// <summary>Single plans, by what they say.</summary>
public sealed class PlanTests
{
    [Fact]
    public void BFloat16_OnACpu_IsPrecisionUnsupported()
    {
        var plan = DeploymentPlanner.Choose(Cases.OnCpu(Cases.BenchmarkModel) with { Weights = [new(WeightPrecision.BFloat16)] });
        Assert.Equal(RejectionReason.PrecisionUnsupported, plan.Candidates.First(candidate => candidate.Knowledge is KnowledgeMode.Dense).Reason);
    }

    [Fact]
    public void Weights_OfferedInTwoPrecisions_AreBothCandidates()
    {
        var plan = DeploymentPlanner.Choose(Cases.OnCpu(Cases.BenchmarkModel) with { Weights = [new(WeightPrecision.Float32), new(WeightPrecision.Int4)] });
        Assert.Equal(12, plan.Candidates.Count(candidate => candidate.Technique is Technique.Native));
    }

    /// <summary>Means of two quiet runs of our kernels on two cores of an AMD EPYC, f32.</summary>
    [Theory]
    [InlineData(1, 15.4)]
    [InlineData(4, 20.4)]
    [InlineData(8, 23.0)]
    [InlineData(16, 37.6)]
    public void DecodeStep_OfTheMeasuredModelOverASharedPrefix_IsWithinAQuarter(int streams, double measuredMilliseconds)
    {
        const int prefix = 2048;
        var node = CpuNode.Of(2, 8L << 30);
        var cost = new ForwardCost(Cases.BenchmarkModel, WeightPrecision.Float32, node.BandwidthBytesPerSecond, node.FlopsPerSecond, EngineProfiles.For(NodeKind.Cpu));
        Assert.InRange(cost.StepSeconds(0, streams, streams, prefix, streams * prefix) * 1e3, 0.75 * measuredMilliseconds, 1.25 * measuredMilliseconds);
    }

    [Fact]
    public void Prefill_OfTheMeasuredModel_IsWithinAQuarter()
    {
        var node = CpuNode.Of(2, 8L << 30);
        var cost = new ForwardCost(Cases.BenchmarkModel, WeightPrecision.Float32, node.BandwidthBytesPerSecond, node.FlopsPerSecond, EngineProfiles.For(NodeKind.Cpu));
        Assert.InRange(cost.PrefillSeconds(512, 0, 512) * 1e3, 0.75 * 557, 1.25 * 557);
    }

    [Fact]
    public void KvBuffer_OfTheLimits_IsWhatTheContractAllocates()
    {
        var selected = DeploymentPlanner.Choose(Cases.OnL4(5000)).Selected!;
        Assert.Equal(
            KvCacheMemory.BufferBytes(Cases.Llama8B, 2, selected.Limits!.KvSlots),
            selected.Memory.KnowledgeKvBytes + selected.Memory.RefreshKvBytes + selected.Memory.RequestKvBytes);
    }

    [Fact]
    public void KvSlots_DocumentsOfAFewMoreTokens_StayTheSame()
    {
        var few = Cached(5000);
        var more = Cached(5040);
        Assert.Equal(few.Limits, more.Limits);
        Assert.Equal(few.Memory, more.Memory);
        Assert.True(few.Memory.RefreshKvBytes == few.Memory.KnowledgeKvBytes);
    }

    private static Candidate Cached(long documentTokens) =>
        DeploymentPlanner.Plan(Cases.OnL4(documentTokens)).Candidates.First(each => each is { Knowledge: KnowledgeMode.Cag, Decoding: DecodingMode.Sampling, Technique: Technique.Native, Limits: not null });

    [Fact]
    public void Choice_JustBelowAFlipPoint_StillStandsAndAboveItDoesNot()
    {
        const double Little = 0.2;
        var plan = DeploymentPlanner.Plan(Cases.OnL4(2000, Little));
        var flip = plan.Flips.First(point => point is { Dimension: "documentTokens", Winner: not "nothing feasible" });
        Assert.Equal(plan.Selected!.Knowledge, DeploymentPlanner.Choose(Cases.OnL4((long)(flip.Threshold * (flip.Above ? 0.98 : 1.02)), Little)).Selected!.Knowledge);
        Assert.Equal(flip.Winner, DeploymentPlanner.Choose(Cases.OnL4((long)(flip.Threshold * (flip.Above ? 1.02 : 0.98)), Little)).Selected!.Knowledge.ToString());
    }

    [Fact]
    public void FirstToken_UnderBeamSearch_IsSeenWithTheLast()
    {
        var searches = DeploymentPlanner.Choose(Cases.OnL4(qps: 0.01) with { Objectives = new() }).Candidates.Single(each => each is { Decoding: DecodingMode.BeamSearch, Latency: not null });
        Assert.Equal((searches.Latency!.E2eP50, searches.Latency.E2eP95), (searches.Latency.TtftP50, searches.Latency.TtftP95));

        var bounded = DeploymentPlanner.Choose(Cases.OnL4(qps: 0.01) with { Objectives = new() { TimeToFirstToken = searches.Latency.TtftP50 / 2 } });
        Assert.Equal(DecodingMode.Sampling, bounded.Selected!.Decoding);
        Assert.Equal(RejectionReason.FirstTokenTooSlow, bounded.Candidates.Single(each => each is { Knowledge: KnowledgeMode.Dense, Decoding: DecodingMode.BeamSearch }).Reason);
    }

    [Theory]
    [InlineData(1, 5.5)]
    [InlineData(4, 2.6)]
    [InlineData(9, 1)]
    public void Drafts_OfTheReadersShare_GainWhatWasMeasured(double answers, double tokensAStep) =>
        Assert.Equal(tokensAStep, new NGramDrafts(8, 0.92, 0.3).TokensGained(answers), 0.05);

    [Fact]
    public void Drafts_WhereTheyRescueTheObjective_AreChosenAndCarryTheirNumber()
    {
        var slow = Cases.OnL4(qps: 0.05) with { Objectives = new() { RequestLatency = TimeSpan.FromSeconds(4) } };
        Assert.False(DeploymentPlanner.Choose(slow).Feasible);

        var plan = DeploymentPlanner.Plan(slow with { Traffic = slow.Traffic with { CopiedShare = 0.8 } });
        Assert.Equal((Technique.SpeculativeNGram, 8), (plan.Selected!.Technique, plan.Selected.DraftTokens));
        Assert.DoesNotContain(plan.Candidates, candidate => candidate.Message.Contains("Dense/Sampling/Int4 does not", StringComparison.Ordinal));
        Assert.StartsWith("Dense with n-gram drafts on ", plan.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Drafts_NotChosen_NameTheShareFromWhichTheyWouldBe()
    {
        var slow = Cases.OnL4(qps: 0.05) with { Objectives = new() { RequestLatency = TimeSpan.FromSeconds(4) } };
        var point = DeploymentPlanner.Plan(slow).Candidates.Single(each => each.DraftTokens > 0).WinsAt!;
        Assert.Equal("copiedOutputPercent", point.Dimension);
        Assert.False(With(point.Threshold - 2).Feasible);
        Assert.Equal(8, With(point.Threshold).Selected!.DraftTokens);

        DeploymentPlan With(double percent) => DeploymentPlanner.ChooseBriefly(slow with { Traffic = slow.Traffic with { CopiedShare = percent / 100 } });
    }

    [Fact]
    public void Drafts_UnderAPinnedUseOfDocuments_CompeteWithItOnly()
    {
        var input = Cases.OnL4(2000) with { Pins = new() { Knowledge = KnowledgeMode.Rag } };
        var plan = DeploymentPlanner.Choose(input with { Traffic = input.Traffic with { CopiedShare = 0.9 } });
        var drafting = plan.Candidates.Where(each => each.DraftTokens > 0).ToLookup(each => each.Knowledge is KnowledgeMode.Rag);
        Assert.NotEqual(RejectionReason.NotPinned, Assert.Single(drafting[true]).Reason);
        Assert.All(drafting[false], each => Assert.Equal(CandidateVerdict.Rejected, each.Verdict));
        Assert.Contains(drafting[false], each => each.Reason == RejectionReason.NotPinned);
    }

    [Fact]
    public void Compression_OnTwoCores_WaitsForItsCompressor()
    {
        var plan = DeploymentPlanner.Choose(Cases.OnCpu(Cases.BenchmarkModel) with { Traffic = new() { QueriesPerSecond = 0.1, PromptTokens = 300, OutputTokens = 64 }, Objectives = new() });
        var compressed = plan.Candidates.Single(candidate => candidate.Technique is Technique.PromptCompression);
        // 302 million weights in matrices, two operations each, 300 tokens, at 0.77 of 200 Gflop/s: time that the machine has for nothing else.
        var seconds = 2 * 302e6 * 300 / (0.77 * 200e9);
        Assert.InRange(compressed.Latency!.TtftP50.TotalSeconds, seconds, 1.5 * seconds);
        Assert.InRange(compressed.CapacityQps, 0, compressed.Replicas / seconds);
    }

    [Fact]
    public void RemoteRag_OfFewBits_LosesAsMuchQualityAsOurOwn()
    {
        double Quality(WeightPrecision precision, Func<Candidate, bool> which) =>
            DeploymentPlanner.Choose(Cases.OnL4(2000) with { Weights = [new(precision)] }).Candidates.First(which).Oae!.AnswerQuality;
        Assert.Equal(0.985, Quality(WeightPrecision.Int4, Remote) / Quality(WeightPrecision.Float16, Remote), 1e-9);
        Assert.True(Quality(WeightPrecision.Int4, Remote) < Quality(WeightPrecision.Int4, candidate => candidate is { Technique: Technique.Native, Knowledge: KnowledgeMode.Rag }));

        static bool Remote(Candidate candidate) => candidate.Technique is Technique.RemoteRag;
    }

    [Fact]
    public void Predictions_WithOneProfileForAll_AreSummedUpUnderIt()
    {
        var rows = Calibration.PublishedLatency.Rows;
        var profile = EngineProfiles.Find("nim-1.8")!;
        var summary = ErrorSummary.Of(rows, [.. rows.Select(row => LatencyPredictor.Predict(row.Load, profile))], [.. rows.Select(_ => profile.Name)]);
        Assert.Contains("nim-1.8, open load", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("vllm", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Explanation_WithOtherConstants_TellsThem()
    {
        var input = Cases.OnL4() with { Assumptions = new Dictionary<string, double> { ["CommodityFactor"] = 0.4, ["PrefillChunkTokens"] = 64 } };
        var text = string.Join('\n', PlanExplanation.Lines(DeploymentPlanner.Choose(input)));
        Assert.Contains("hardware × 0.4", text, StringComparison.Ordinal);
        Assert.Contains("in chunks of 64", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Prices_ThatMakeNoSense_AreAllToldAtOnce()
    {
        var input = Cases.OnL4() with { Prices = new() { NodeUsdPerHour = 0, ElectricityUsdPerKilowattHour = -1 }, Team = new() { HourlyCostUsd = double.NaN } };
        Assert.Equal(
            ["the node's price an hour is 0; it must be above 0.", "cost.electricityPerKilowattHour is -1; it must be at least 0.", "team.hourlyCost is NaN; it must be at least 0."],
            PlanInputRules.Violations(input));
    }

    [Fact]
    public void EngineProfiles_OfTheDataFile_KeepTheRulesAndABrokenOneIsToldInFull()
    {
        Assert.All(EngineProfiles.All, profile => Assert.Empty(EngineProfileRules.Violations(profile)));
        var broken = EngineProfiles.For(NodeKind.Cpu) with { BandwidthEfficiency = 0, SecondsPerStep = -1 };
        Assert.Equal(
            ["the profile's BandwidthEfficiency is 0; it must be above 0.", "the profile's SecondsPerStep is -1; it must be at least 0."],
            PlanInputRules.Violations(Cases.OnL4() with { EngineProfile = broken }));
    }

    [Theory]
    [InlineData("Tesla-T4", "T4")]
    [InlineData("NVIDIA-L4", "L4")]
    [InlineData("NVIDIA-L40S", "L40S")]
    [InlineData("NVIDIA-A10", "A10")]
    [InlineData("NVIDIA-A10G", "A10G")]
    [InlineData("NVIDIA-A100-SXM4-80GB", "A100-80-SXM")]
    [InlineData("NVIDIA-A100-80GB-PCIe", "A100-80-PCIe")]
    [InlineData("NVIDIA-H100-80GB-HBM3", "H100-SXM")]
    [InlineData("NVIDIA-GeForce-RTX-4090", "RTX 4090")]
    [InlineData("NVIDIA-L40", null)]
    [InlineData("NVIDIA-GeForce-RTX-4090-D", null)]
    [InlineData("NVIDIA-L4-SHARED", null)]
    [InlineData("NVIDIA-A10-8Q", null)]
    [InlineData("NVIDIA-A100-SXM4-80GB-MIG-1g.10gb", null)]
    public void Catalogue_ByProductLabel_FindsTheWholeGpuOrNone(string label, string? name) => Assert.Equal(name, GpuCatalogue.FindByProductLabel(label)?.Name);

    [Theory]
    [InlineData("vLLM 0.7.3", "vllm-0.7")]
    [InlineData("vLLM 0.20.1+transformers-5.8.1", "vllm-0.8")]
    [InlineData("vLLM (KAITO preset)", "vllm-0.8")]
    [InlineData("NIM 1.8.0", "nim-1.8")]
    [InlineData("TensorRT-LLM 0.9", "nim-1.8")]
    [InlineData("SGLang 0.4.6", "vllm-0.8")]
    [InlineData("vllm-0.7", "vllm-0.7")]
    public void EngineName_AsWritten_FindsItsProfile(string engine, string profile) => Assert.Equal(profile, EngineProfileChoice.For(engine).Name);
}
