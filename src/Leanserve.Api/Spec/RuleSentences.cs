namespace Leanserve.Api;

/// <summary>The sentences of the cross-field rules: the API server's CEL rules and the operator's own checks say the same words.</summary>
public static class RuleSentences
{
    public const string Name = "metadata.name names the Service too: at most 50 characters of a-z, 0-9 and '-', beginning with a letter and not ending in '-'";
    public const string AutoNeedsModelSource = "apply: Auto needs model.source to serve from; with a geometry alone, state apply: PlanOnly";
    public const string AutoNeedsKnowledgeSources = "apply: Auto needs knowledge.sources to serve from; with tokens alone, state apply: PlanOnly";
    public const string PinNeedsKnowledge = "strategy.knowledge Cag or Rag needs knowledge";
    public const string SamplingIsNotExact = "strategy.decoding Sampling contradicts objectives.answerQuality RequireExact, which takes BeamSearch";
    public const string ModelNeedsSourceOrGeometry = "model needs a source to serve from, or a geometry to plan with";
    public const string OneModelSource = "model.source takes exactly one of persistentVolumeClaim and configMapRef";
    public const string HeadsDivide = "attentionHeads must be a multiple of keyValueHeads";
    public const string KnowledgeNeedsSourcesOrTokens = "knowledge needs sources, or tokens to plan with";
    public const string OneKnowledgeSource = "a knowledge source takes exactly one of configMapRef and persistentVolumeClaim";
    public const string OneGpu = "gpusPerReplica must be 1 (or absent): the runtime runs a model on one GPU and does not split it over several";
    public const string BandwidthPositive = "bandwidthGigabytesPerSecond must be greater than 0";
    public const string TeraflopsPositive = "teraflops must be greater than 0";
    public const string QueriesPositive = "queriesPerSecond must be greater than 0";
    public const string BurstAtLeastOne = "burstFactor must be at least 1, the average itself";
    public const string HardwareCostsSomething = "gpuHourly must be greater than 0: scores compare all costs with the cheapest hardware's";
    public const string FirstTokenWithinRequest = "timeToFirstTokenMilliseconds must not exceed requestLatencyMilliseconds, which includes it";
    public const string ReplicasOrdered = "minReplicas must not exceed maxReplicas";
}
