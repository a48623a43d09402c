using System.Text.Json;
using Leanserve.Api;
using Leanserve.Contracts;
using Leanserve.Operator.Builders;
using Leanserve.Operator.Hosting;
using Leanserve.Planner;
using Leanserve.Translation.Cluster;
using Leanserve.Translation.Planning;
using Leanserve.Translation.Reading;
using k8s.Models;

namespace Leanserve.Operator.Tests.Builders;

/// <summary>The plan counts effort from its bill of parts, so the bill must hold what the operator renders, no more and no less.</summary>
public sealed class BillOfPartsTests
{
    private static readonly NodeMatch Node = new(Nodes: 1, Gpus: 0, Cores: 2, PlannedCores: 2, PlannedMemoryBytes: 8L << 30, GpuMemoryBytes: null);

    public static MatrixTheoryData<KnowledgeMode, DecodingMode, bool, bool> Strategies { get; } =
        new([KnowledgeMode.Dense, KnowledgeMode.Cag, KnowledgeMode.Rag], [DecodingMode.Sampling, DecodingMode.BeamSearch], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Bill_OfEachStrategy_IsWhatIsRendered(KnowledgeMode mode, DecodingMode decoding, bool claimsSnapshots, bool embeds)
    {
        var resource = Resource(claimsSnapshots, embeds);
        var choice = Plan(resource, mode, decoding);
        var workload = WorkloadFactory.Create(resource, choice, Node, "hash", new OperatorOptions());
        var rendered = Rendered(workload, DeploymentBuilder.Build(workload).Spec.Template.Spec);
        Assert.All(Enum.GetValues<PartKind>(), kind => Assert.Equal((kind, rendered.GetValueOrDefault(kind)), (kind, choice.Parts.Count(kind))));
    }

    [Fact]
    public void Bill_SourcesWithoutAToken_StillCountsTheirVolumes()
    {
        var resource = Resource(claimsSnapshots: false);
        resource.Spec.Knowledge!.Tokens = 0;
        var choice = Plan(resource, KnowledgeMode.Dense, DecodingMode.Sampling);
        Assert.Equal(2, choice.Parts.Parts.Single(part => part.Name == "documents").Count);
    }

    [Fact]
    public void EmbeddingModel_UnderRag_IsLoadedWhereItIsMountedAndCounted()
    {
        var resource = Resource(claimsSnapshots: false, embeds: true);
        var plain = Plan(Resource(claimsSnapshots: false), KnowledgeMode.Rag, DecodingMode.Sampling);
        var choice = Plan(resource, KnowledgeMode.Rag, DecodingMode.Sampling);
        var workload = WorkloadFactory.Create(resource, choice, Node, "hash", new OperatorOptions());

        var mount = Assert.Single(DeploymentBuilder.Build(workload).Spec.Template.Spec.Containers[0].VolumeMounts, mount => mount.Name == "embedding-model");
        Assert.Equal(("answers-embeddings", $"{mount.MountPath}/minilm"), (workload.Runtime.EmbeddingModel!.ModelName, workload.Runtime.EmbeddingModel.ModelDirectory));
        Assert.Equal(2 * (90L << 20), choice.Memory.WeightsBytes - plain.Memory.WeightsBytes);
        Assert.Equal(7 * 384 * 4, choice.Memory.RuntimeBytes - plain.Memory.RuntimeBytes);
        Assert.Contains("--embedding-model", InspectionPodBuilder.Build(resource, "image", "subject").Spec.Containers[0].Args);
    }

    [Fact]
    public void TraceEndpoint_OfTheOperator_ReachesThePodsAndTheirPolicy()
    {
        var resource = Resource(claimsSnapshots: false);
        var choice = Plan(resource, KnowledgeMode.Cag, DecodingMode.Sampling);
        var traced = WorkloadFactory.Create(resource, choice, Node, "hash", new OperatorOptions { TraceEndpoint = new Uri("http://collector.monitoring:4318") });
        var quiet = WorkloadFactory.Create(resource, choice, Node, "hash", new OperatorOptions());

        var variables = DeploymentBuilder.Build(traced).Spec.Template.Spec.Containers[0].Env.ToDictionary(variable => variable.Name, variable => variable.Value);
        Assert.Equal("http://collector.monitoring:4318", variables["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("answers", variables["OTEL_SERVICE_NAME"]);
        Assert.Contains(Assert.Single(NetworkPolicyBuilder.Build(traced).Spec.Egress).Ports, port => port.Port.Value == "4318");
        Assert.Null(DeploymentBuilder.Build(quiet).Spec.Template.Spec.Containers[0].Env);
        Assert.Null(NetworkPolicyBuilder.Build(quiet).Spec.Egress);
    }

    [Fact]
    public void PassageOverlap_OfTheAssumption_IsRendered()
    {
        var resource = Resource(claimsSnapshots: false);
        resource.Spec.Assumptions = new Dictionary<string, string> { ["PassageOverlapTokens"] = "48" };
        var workload = WorkloadFactory.Create(resource, Plan(resource, KnowledgeMode.Rag, DecodingMode.Sampling), Node, "hash", new OperatorOptions());
        Assert.Equal(48, workload.Runtime.Knowledge.PassageOverlapTokens);
    }

    [Fact]
    public void Drafts_OfTheChoice_AreRenderedAndCounted()
    {
        var resource = Resource(claimsSnapshots: false);
        var plain = Plan(resource, KnowledgeMode.Cag, DecodingMode.Sampling);
        resource.Spec.Traffic.CopiedOutputPercent = 80;
        resource.Spec.Assumptions = new Dictionary<string, string> { ["NGramDraftTokens"] = "6" };
        var choice = Choose(resource).Candidates.First(each => each.Technique is Technique.SpeculativeNGram);
        var workload = WorkloadFactory.Create(resource, choice, Node, "hash", new OperatorOptions());

        Assert.Equal((6, 0), (workload.Runtime.Decoding.DraftTokens, WorkloadFactory.Create(resource, plain, Node, "hash", new OperatorOptions()).Runtime.Decoding.DraftTokens));
        var rendered = Rendered(workload, DeploymentBuilder.Build(workload).Spec.Template.Spec);
        Assert.All(Enum.GetValues<PartKind>(), kind => Assert.Equal((kind, rendered.GetValueOrDefault(kind)), (kind, choice.Parts.Count(kind))));
        var read = JsonSerializer.Deserialize<RuntimeConfig>(RuntimeConfigMapBuilder.Build(workload).Data["runtime.json"], RuntimeConfig.Json)!;
        Assert.Equal(6, read.Decoding.DraftTokens);
    }

    [Fact]
    public void Builders_OfAllObjects_RenderNothingThatRunsByTheClock()
    {
        var rendered = typeof(DeploymentBuilder).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(DeploymentBuilder).Namespace)
            .SelectMany(type => type.GetMethods())
            .Where(method => method is { IsStatic: true, Name: "Build" })
            .Select(method => method.ReturnType)
            .ToList();
        Assert.Contains(typeof(V1Deployment), rendered);
        Assert.DoesNotContain(rendered, type => type == typeof(V1Job) || type == typeof(V1CronJob));
    }

    private static Dictionary<PartKind, int> Rendered(Workload workload, V1PodSpec pod)
    {
        var knowledge = workload.Runtime.Knowledge;
        var mounted = pod.Volumes.Where(volume => volume.EmptyDir is null).Select(volume => volume.Name).ToList();
        Assert.Equal(pod.Volumes.Count, pod.Containers.SelectMany(container => container.VolumeMounts).Count());
        return new Dictionary<PartKind, int>
        {
            [PartKind.Container] = pod.Containers.Count + (pod.InitContainers?.Count ?? 0),
            [PartKind.Image] = pod.Containers.Select(container => container.Image).Distinct().Count(),
            [PartKind.ModelArtefact] = mounted.Count(name => name is "model" or "embedding-model"),
            [PartKind.Volume] = mounted.Count(name => name is not ("model" or "embedding-model")),
            [PartKind.Cache] = knowledge is { Mode: KnowledgeMode.Cag, SnapshotDirectory: not null } ? 1 : 0,
            [PartKind.Index] = (knowledge.Mode is KnowledgeMode.Rag ? 1 : 0) + (workload.Runtime.EmbeddingModel is null ? 0 : 1),
            [PartKind.TuningKnob] = Knobs(workload.Runtime),
        };
    }

    // Only the fields that the mode reads are knobs: the number, the length and the overlap of passages; the width and the length penalty of beams; the drafted tokens.
    private static int Knobs(RuntimeConfig runtime) =>
        (runtime.Knowledge is { Mode: KnowledgeMode.Rag, RetrievedPassages: > 0, PassageTokens: > 0, PassageOverlapTokens: > 0 } ? 3 : 0)
        + (runtime.Decoding is { Mode: DecodingMode.BeamSearch, BeamWidth: > 1, LengthPenalty: > 0 } ? 2 : 0)
        + (runtime.Decoding is { Mode: DecodingMode.Sampling, DraftTokens: > 0 } ? 1 : 0);

    private static Candidate Plan(LlmDeployment resource, KnowledgeMode mode, DecodingMode decoding)
    {
        var candidate = Choose(resource).Candidates.Single(each => each.Technique is Technique.Native && each.Knowledge == mode && each.Decoding == decoding);
        Assert.NotNull(candidate.Limits);
        return candidate;
    }

    private static DeploymentPlan Choose(LlmDeployment resource)
    {
        var request = PlanInputFactory.Create(resource, new MeasuredFacts());
        Assert.Empty(request.Violations);
        return DeploymentPlanner.Choose(request.Input!);
    }

    private static LlmDeployment Resource(bool claimsSnapshots, bool embeds = false)
    {
        var file = DeploymentReader.Read(
            """
            apiVersion: leanserve.io/v1alpha1
            kind: LlmDeployment
            metadata: {name: answers, namespace: team}
            spec:
              model:
                source: {persistentVolumeClaim: {claimName: models}}
                geometry: {parameters: 1000000, layers: 2, hiddenSize: 64, attentionHeads: 4, keyValueHeads: 2, headSize: 16, intermediateSize: 128, vocabularySize: 2048, maxContextTokens: 4096, weightBits: 32}
              node: {gpu: None, capacity: {memory: 8Gi, bandwidthGigabytesPerSecond: "28", teraflops: "0.2", thermalDesignWatts: 12}}
              traffic: {queriesPerSecond: "0.1", promptTokens: 100, outputTokens: 64}
              objectives: {timeToFirstTokenMilliseconds: 2000, requestLatencyMilliseconds: 10000}
              knowledge:
                tokens: 1500
                sources:
                - {name: handbook, configMapRef: {name: handbook}}
                - {name: tickets, persistentVolumeClaim: {claimName: tickets}}
            """,
            "deployment.yaml");
        Assert.Empty(file.Violations);
        var resource = file.Deployments.Single().Deployment;
        resource.Spec.Knowledge!.Snapshots = claimsSnapshots ? new VolumeFolderSpec { ClaimName = "snapshots" } : null;
        resource.Spec.Knowledge!.EmbeddingModel = embeds
            ? new EmbeddingModelSpec { Source = new ModelSourceSpec { PersistentVolumeClaim = new VolumeFolderSpec { ClaimName = "encoders", Path = "minilm" } }, Size = "90Mi", Dimensions = 384 }
            : null;
        return resource;
    }
}
