namespace Leanserve.Planner;

/// <summary>The kinds of things that a deployment consists of and somebody must understand and look after.</summary>
public enum PartKind
{
    /// <summary>A container that runs all the time.</summary>
    Container,

    /// <summary>A container image to keep current.</summary>
    Image,

    /// <summary>A mounted claim or ConfigMap, except the model's, which is a <see cref="ModelArtefact"/>. An empty folder that goes with the pod is nothing to look after.</summary>
    Volume,

    /// <summary>A model folder to obtain, store and version.</summary>
    ModelArtefact,

    /// <summary>A service outside the cluster, with its credentials, bill and outages.</summary>
    ExternalService,

    /// <summary>A job that runs by the clock or on change.</summary>
    ScheduledJob,

    /// <summary>An index over documents whose answers must be judged.</summary>
    Index,

    /// <summary>A cache that must be rebuilt when documents change.</summary>
    Cache,

    /// <summary>A training or fine-tuning run, with its data.</summary>
    TrainingRun,

    /// <summary>A number that somebody has to choose and revisit.</summary>
    TuningKnob,

    /// <summary>A second model in memory whose fit to the first must be judged: a draft, a compressor, a reranker, trained heads.</summary>
    SecondModel,
}

/// <summary>Parts of one kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">What it is here, such as <c>leanserve-server</c> or <c>BM25 index</c>.</param>
/// <param name="Count">How many of it.</param>
public readonly record struct Part(PartKind Kind, string Name, int Count = 1);

/// <summary>What a strategy deploys: the operator renders exactly this, and people's effort is counted from it.</summary>
public sealed record BillOfParts(IReadOnlyList<Part> Parts)
{
    public int Count(PartKind kind)
    {
        var count = 0;
        foreach (var part in Parts)
        {
            count += part.Kind == kind ? part.Count : 0;
        }

        return count;
    }
}
