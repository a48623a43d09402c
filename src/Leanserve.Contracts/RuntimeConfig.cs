using System.Text.Json;
using System.Text.Json.Serialization;

namespace Leanserve.Contracts;

/// <summary>
/// Everything the operator decides, as the runtime pod reads it from one file (<c>runtime.json</c>). The operator writes it, <c>leanserve-server</c> obeys it.
/// </summary>
public sealed record RuntimeConfig
{
    /// <summary>The model id that clients see under <c>/v1/models</c>; the resource's name.</summary>
    public required string ModelName { get; init; }

    /// <summary>Folder with the ONNX model, <c>config.json</c> and <c>tokenizer.json</c>.</summary>
    public required string ModelDirectory { get; init; }

    public ExecutionProvider ExecutionProvider { get; init; } = ExecutionProvider.Cpu;

    /// <summary>Threads of one forward pass on the CPU; 0 takes all cores the pod may use.</summary>
    public int Threads { get; init; }

    public required KnowledgeConfig Knowledge { get; init; }

    /// <summary>The model behind <c>/v1/embeddings</c> and retrieval by meaning; null for none.</summary>
    public EmbeddingModelConfig? EmbeddingModel { get; init; }

    public required DecodingConfig Decoding { get; init; }

    public required EngineLimits Limits { get; init; }

    /// <summary>TCP port of the HTTP server.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Seconds that a draining server gives requests in flight after SIGTERM.</summary>
    public int DrainSeconds { get; init; } = 25;

    /// <summary>How runtime.json is read and written: camelCase names, enums by name, unknown members refused.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };
}

/// <summary>Where the forward pass runs.</summary>
public enum ExecutionProvider
{
    Cpu,
    Cuda,
}

/// <summary>How documents reach the model.</summary>
public enum KnowledgeMode
{
    /// <summary>Plain prompt; documents, if any, are sent in full with each prompt.</summary>
    Dense,

    /// <summary>Cache-augmented generation: the documents' KV is computed once and shared (arXiv 2412.15605).</summary>
    Cag,

    /// <summary>Retrieval-augmented generation: an index finds the passages that go into the prompt.</summary>
    Rag,
}

/// <summary>What retrieval compares.</summary>
public enum RetrievalMode
{
    /// <summary>Words, by BM25.</summary>
    Keyword,

    /// <summary>Meanings, by the cosine of vectors; needs an embedding model.</summary>
    Vector,

    /// <summary>Both, joined by reciprocal rank fusion; needs an embedding model.</summary>
    Hybrid,
}

/// <summary>How tokens are chosen.</summary>
public enum DecodingMode
{
    Sampling,

    /// <summary>Beam search whose beams share one KV cache through a prefix tree (arXiv 2502.00085).</summary>
    BeamSearch,
}

/// <summary>The documents and how they are used.</summary>
public sealed record KnowledgeConfig
{
    public required KnowledgeMode Mode { get; init; }

    public IReadOnlyList<KnowledgeDirectory> Sources { get; init; } = [];

    /// <summary>Folder for snapshots of the documents' KV cache or vectors and for packed weights, writable; null keeps none. A restart, or another replica on the folder, computes nothing again.</summary>
    public string? SnapshotDirectory { get; init; }

    /// <summary>What retrieval compares; null takes <see cref="RetrievalMode.Hybrid"/> with an embedding model, <see cref="RetrievalMode.Keyword"/> without.</summary>
    public RetrievalMode? Retrieval { get; init; }

    /// <summary>Passages put into a prompt under <see cref="KnowledgeMode.Rag"/>.</summary>
    public int RetrievedPassages { get; init; } = 3;

    /// <summary>Longest passage of the index, in tokens.</summary>
    public int PassageTokens { get; init; } = 256;

    /// <summary>Tokens that neighbouring passages of one document share.</summary>
    public int PassageOverlapTokens { get; init; } = 32;
}

/// <summary>A model that turns text into vectors; it runs on the CPU.</summary>
public sealed record EmbeddingModelConfig
{
    /// <summary>The model id that clients see under <c>/v1/models</c> and name to <c>/v1/embeddings</c>.</summary>
    public required string ModelName { get; init; }

    /// <summary>Folder with the ONNX encoder, <c>config.json</c> and <c>tokenizer.json</c>.</summary>
    public required string ModelDirectory { get; init; }
}

/// <summary>One named knowledge source as a folder of text files in the pod.</summary>
public sealed record KnowledgeDirectory
{
    public required string Name { get; init; }

    public required string Directory { get; init; }
}

/// <summary>The default decoding of requests that do not ask for another.</summary>
public sealed record DecodingConfig
{
    public required DecodingMode Mode { get; init; }

    /// <summary>Live hypotheses under <see cref="DecodingMode.BeamSearch"/>.</summary>
    public int BeamWidth { get; init; } = 4;

    /// <summary>Hypotheses are ranked by score / length^penalty.</summary>
    public double LengthPenalty { get; init; } = 1.0;

    /// <summary>
    /// Most tokens that n-gram lookup drafts in one step, over all sampled answers: each that the model would have drawn saves a step, and answers are the
    /// same with any number. 0 drafts none.
    /// </summary>
    public int DraftTokens { get; init; }
}

/// <summary>What the engine allocates and admits. Memory follows from <see cref="KvSlots"/> by <see cref="KvCacheMemory"/>.</summary>
public sealed record EngineLimits
{
    /// <summary>Token slots of the one KV buffer: knowledge, requests and beams together.</summary>
    public required int KvSlots { get; init; }

    /// <summary>Requests decoded side by side; more wait in the queue.</summary>
    public required int MaxConcurrentRequests { get; init; }

    /// <summary>Requests that may wait; one more is answered 429.</summary>
    public int MaxQueuedRequests { get; init; } = 64;

    /// <summary>Tokens of one prompt computed in one step, so that a long prompt never stalls the others.</summary>
    public int PrefillChunkTokens { get; init; } = 256;

    /// <summary>Largest <c>max_tokens</c> that a request may ask for, and the default where it asks for none.</summary>
    public required int MaxOutputTokens { get; init; }
}
