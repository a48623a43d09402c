using Leanserve.Api;
using Leanserve.Contracts;
using Leanserve.Operator.Hosting;
using Leanserve.Planner;
using Leanserve.Translation.Cluster;

namespace Leanserve.Operator.Builders;

/// <summary>Turns the chosen candidate into what the pods are told and given. Pure.</summary>
public static class WorkloadFactory
{
    // Also the step: a prediction that shifts by a little must not roll the pods.
    private const int LeastMillicores = 100;

    /// <summary>Share of the nodes' cores that a roll may claim; the rest is the system's.</summary>
    private const double UsableCores = 0.9;

    /// <param name="resource">The resource.</param>
    /// <param name="choice">The selected candidate, with limits.</param>
    /// <param name="nodes">The nodes that could run it.</param>
    /// <param name="modelHash">Changes when the model does.</param>
    /// <param name="options">The process's options.</param>
    public static Workload Create(LlmDeployment resource, Candidate choice, NodeMatch nodes, string modelHash, OperatorOptions options)
    {
        var wish = NodeWish.Of(resource.Spec.Node);
        var onCpu = wish.IsForCpu;
        var millicores = Millicores(choice, nodes);
        return new Workload
        {
            Resource = resource,
            Runtime = Runtime(resource, choice, onCpu),
            Image = onCpu ? options.ServerImage : options.CudaServerImage,
            Replicas = choice.Replicas,
            UsesGpu = !onCpu,
            MemoryBytes = choice.Memory.TotalBytes,
            CpuMillicores = millicores,
            NodeSelector = wish.Labels,
            GpuProducts = wish.Products,
            CanSurge = onCpu ? (choice.Replicas + 1) * millicores <= UsableCores * 1000 * nodes.Cores : choice.Replicas < nodes.Gpus,
            ModelHash = modelHash,
            OperatorNamespace = options.OperatorNamespace,
            TraceEndpoint = options.TraceEndpoint,
        };
    }

    private static RuntimeConfig Runtime(LlmDeployment resource, Candidate choice, bool onCpu)
    {
        var embedding = choice.Knowledge == KnowledgeMode.Rag ? resource.Spec.Knowledge?.EmbeddingModel : null;
        var keepsSnapshots = choice.Knowledge == KnowledgeMode.Cag || embedding is not null;
        return new RuntimeConfig
        {
            ModelName = resource.Metadata.Name,
            ModelDirectory = PodVolumes.ModelDirectory(resource.Spec.Model.Source!),
            ExecutionProvider = onCpu ? ExecutionProvider.Cpu : ExecutionProvider.Cuda,
            EmbeddingModel = embedding is null ? null : new EmbeddingModelConfig
            {
                ModelName = WorkloadNames.EmbeddingModel(resource),
                ModelDirectory = PodVolumes.EmbeddingModelDirectory(embedding.Source),
            },
            Knowledge = new KnowledgeConfig
            {
                Mode = choice.Knowledge,
                SnapshotDirectory = keepsSnapshots ? PodVolumes.SnapshotDirectory(resource) : null,
                Sources = [.. (resource.Spec.Knowledge?.Sources ?? []).Select(s => new KnowledgeDirectory { Name = s.Name, Directory = PodVolumes.KnowledgeDirectory(s) })],
                RetrievedPassages = Math.Max(1, choice.RetrievedPassages),
                PassageTokens = Math.Max(1, choice.PassageTokens),
                PassageOverlapTokens = choice.PassageOverlapTokens,
            },
            Decoding = new DecodingConfig { Mode = choice.Decoding, BeamWidth = choice.BeamWidth, DraftTokens = choice.DraftTokens },
            Limits = choice.Limits!,
        };
    }

    // A request of what the load is predicted to use lets several small deployments share a node; without a limit, idle cores stay usable.
    private static int Millicores(Candidate choice, NodeMatch nodes) =>
        (int)Math.Clamp(LeastMillicores * Math.Ceiling((choice.Latency?.Utilization ?? 0) * nodes.PlannedCores * 1000 / LeastMillicores), LeastMillicores, Math.Max(LeastMillicores, nodes.PlannedCores * 1000));
}
