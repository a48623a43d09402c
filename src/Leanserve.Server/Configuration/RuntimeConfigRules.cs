using Leanserve.Contracts;

namespace Leanserve.Server.Configuration;

/// <summary>What the types of <see cref="RuntimeConfig"/> cannot say.</summary>
internal static class RuntimeConfigRules
{
    private const int MaxBeamWidth = 64;
    private const int MaxDraftTokens = 64;
    private const int MinPassageTokens = 8;

    public static IEnumerable<string> Violations(RuntimeConfig config) =>
        Missing(config).Concat(Process(config))
            .Concat(config.Knowledge is null ? [] : Knowledge(config.Knowledge))
            .Concat(Embedding(config))
            .Concat(config.Decoding is null ? [] : Decoding(config.Decoding))
            .Concat(config.Limits is null ? [] : Limits(config.Limits));

    private static IEnumerable<string> Missing(RuntimeConfig config)
    {
        foreach (var (name, value) in new (string, object?)[]
            { ("knowledge", config.Knowledge), ("decoding", config.Decoding), ("limits", config.Limits) })
        {
            if (value is null)
            {
                yield return $"{name} is null; state it.";
            }
        }
    }

    private static IEnumerable<string> Process(RuntimeConfig config)
    {
        if (string.IsNullOrWhiteSpace(config.ModelName))
        {
            yield return "modelName is empty; it is the id that clients see.";
        }

        if (string.IsNullOrWhiteSpace(config.ModelDirectory))
        {
            yield return "modelDirectory is empty; it is the folder of the model.";
        }

        foreach (var violation in Range("threads", config.Threads, 0, 1024)
            .Concat(Range("port", config.Port, 0, 65535))
            .Concat(Range("drainSeconds", config.DrainSeconds, 0, 3600)))
        {
            yield return violation;
        }
    }

    private static IEnumerable<string> Knowledge(KnowledgeConfig knowledge)
    {
        var sources = knowledge.Sources ?? [];
        if (sources.Count == 0 && knowledge.Mode is not KnowledgeMode.Dense)
        {
            yield return $"knowledge.sources is empty, but knowledge.mode {knowledge.Mode} needs documents; add a source or choose Dense.";
        }

        for (var i = 0; i < sources.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(sources[i]?.Name) || string.IsNullOrWhiteSpace(sources[i]?.Directory))
            {
                yield return $"knowledge.sources[{i}] lacks a name or a directory; state both.";
            }
        }

        foreach (var twice in sources.Where(source => source is not null).GroupBy(source => source.Name).Where(group => group.Count() > 1))
        {
            yield return $"knowledge.sources has the name '{twice.Key}' {twice.Count()} times; names must differ.";
        }

        foreach (var violation in Range("knowledge.retrievedPassages", knowledge.RetrievedPassages, 1, 100)
            .Concat(Range("knowledge.passageTokens", knowledge.PassageTokens, MinPassageTokens, 65536))
            .Concat(Range("knowledge.passageOverlapTokens", knowledge.PassageOverlapTokens, 0, Math.Max(0, (knowledge.PassageTokens - 1) / 2))))
        {
            yield return violation;
        }
    }

    private static IEnumerable<string> Embedding(RuntimeConfig config)
    {
        if (config.EmbeddingModel is not { } model)
        {
            if (config.Knowledge?.Retrieval is { } retrieval and not RetrievalMode.Keyword)
            {
                yield return $"knowledge.retrieval is {retrieval}, which needs embeddingModel; state one or choose Keyword.";
            }

            yield break;
        }

        if (string.IsNullOrWhiteSpace(model.ModelName) || model.ModelName == config.ModelName)
        {
            yield return $"embeddingModel.modelName is '{model.ModelName}'; it must be a name of its own, beside modelName.";
        }

        if (string.IsNullOrWhiteSpace(model.ModelDirectory))
        {
            yield return "embeddingModel.modelDirectory is empty; it is the folder of the embedding model.";
        }
    }

    private static IEnumerable<string> Decoding(DecodingConfig decoding)
    {
        if (!double.IsFinite(decoding.LengthPenalty))
        {
            yield return $"decoding.lengthPenalty is {decoding.LengthPenalty}; it must be a finite number.";
        }

        foreach (var violation in Range("decoding.beamWidth", decoding.BeamWidth, 1, MaxBeamWidth)
            .Concat(Range("decoding.draftTokens", decoding.DraftTokens, 0, MaxDraftTokens)))
        {
            yield return violation;
        }
    }

    private static IEnumerable<string> Limits(EngineLimits limits) =>
        Range("limits.kvSlots", limits.KvSlots, 2, int.MaxValue)
            .Concat(Range("limits.maxConcurrentRequests", limits.MaxConcurrentRequests, 1, 4096))
            .Concat(Range("limits.maxQueuedRequests", limits.MaxQueuedRequests, 0, 65536))
            .Concat(Range("limits.prefillChunkTokens", limits.PrefillChunkTokens, 1, 65536))
            .Concat(Range("limits.maxOutputTokens", limits.MaxOutputTokens, 1, Math.Max(1, limits.KvSlots - 1)));

    private static IEnumerable<string> Range(string name, int value, int min, int max) =>
        value >= min && value <= max ? [] : [$"{name} is {value}; it must be from {min} to {max}."];
}
