using System.Numerics.Tensors;
using Leanserve.Engine.Knowledge;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Leanserve.Onnx.Embedding;

/// <summary>Runs an encoder on the CPU, one text at a time.</summary>
/// <remarks>
/// Batches would gain little on few cores, cost padding, and let texts touch each other's vectors where weights are quantised dynamically. Threads
/// do not spin between texts: they would take the cores from the tokens that are being generated.
/// </remarks>
internal sealed class OnnxEmbedder : IEmbedder
{
    /// <summary>The output of a graph that pools itself.</summary>
    public const string SentenceOutput = "sentence_embedding";

    private const string InputIds = "input_ids";
    private const string AttentionMask = "attention_mask";
    private const string TokenTypeIds = "token_type_ids";

    private static readonly string[] KnownInputs = [InputIds, AttentionMask, TokenTypeIds];
    private static readonly string[] TokenOutputs = ["last_hidden_state", "token_embeddings"];

    private readonly InferenceSession _session;
    private readonly EncoderTokenizer _tokenizer;
    private readonly EmbeddingPrompts _prompts;
    private readonly Pooling _pooling;
    private readonly string _output;
    private readonly SemaphoreSlim _turn = new(1);

    private OnnxEmbedder(InferenceSession session, EncoderTokenizer tokenizer, EmbeddingPrompts prompts, Pooling pooling, string output)
    {
        _session = session;
        _tokenizer = tokenizer;
        _prompts = prompts;
        _pooling = pooling;
        _output = output;
    }

    /// <inheritdoc/>
    public required int Dimensions { get; init; }

    /// <inheritdoc/>
    public required int MaxTokens { get; init; }

    /// <inheritdoc/>
    public int VocabularySize => _tokenizer.VocabularySize;

    /// <inheritdoc/>
    public required string Fingerprint { get; init; }

    /// <exception cref="ModelLoadException">ONNX Runtime refuses the model, or it is no encoder of this shape.</exception>
    public static OnnxEmbedder Create(
        string path, EncoderTokenizer tokenizer, EmbeddingPrompts prompts, Pooling pooling, int dimensions, int maxTokens, string fingerprint, int threads)
    {
        var session = Open(path, threads);
        OnnxEmbedder? embedder = null;
        try
        {
            embedder = new OnnxEmbedder(session, tokenizer, prompts, pooling, OutputOf(session, pooling, path))
            {
                Dimensions = dimensions,
                MaxTokens = maxTokens,
                Fingerprint = fingerprint,
            };
            embedder.Try(path);
            return embedder;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Tokenize(string text, EmbeddingUse use) => _tokenizer.Encode(_prompts.Of(use) + text);

    /// <inheritdoc/>
    public async Task<float[]> EmbedAsync(IReadOnlyList<int> tokens, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens.Count, MaxTokens);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Run([.. _tokenizer.Frame.Before.Concat(tokens).Concat(_tokenizer.Frame.After).Select(token => (long)token)]);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _turn.Dispose();
    }

    // A text without a token, where the model adds none of its own, has no direction either.
    private float[] Run(long[] ids)
    {
        if (ids.Length == 0)
        {
            return new float[Dimensions];
        }

        long[] shape = [1, ids.Length];
        var ones = new long[ids.Length];
        Array.Fill(ones, 1);
        using var tokens = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var mask = OrtValue.CreateTensorValueFromMemory(ones, shape);
        using var types = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        var inputs = new Dictionary<string, OrtValue> { [InputIds] = tokens, [AttentionMask] = mask, [TokenTypeIds] = types };
        using var options = new RunOptions();
        using var results = _session.Run(options, inputs.Where(input => _session.InputMetadata.ContainsKey(input.Key)).ToDictionary(), [_output]);
        var values = results[0].GetTensorDataAsSpan<float>();
        int rows = _pooling == Pooling.InGraph ? 1 : ids.Length;
        return values.Length == rows * Dimensions
            ? Normalized(Pool(values, rows))
            : throw new InvalidDataException($"{_output} has {values.Length} numbers for {ids.Length} tokens, not {rows} rows of {Dimensions}");
    }

    private float[] Pool(ReadOnlySpan<float> rows, int count)
    {
        var pooled = rows[..Dimensions].ToArray();
        for (int row = 1; _pooling == Pooling.Mean && row < count; row++)
        {
            TensorPrimitives.Add(pooled, rows.Slice(row * Dimensions, Dimensions), pooled);
        }

        return pooled;
    }

    private static float[] Normalized(float[] vector)
    {
        float length = TensorPrimitives.Norm<float>(vector);
        if (length > 0)
        {
            TensorPrimitives.Divide(vector, length, vector);
        }

        return vector;
    }

    private void Try(string path)
    {
        try
        {
            var vector = Run([.. _tokenizer.Frame.Before.Concat(_tokenizer.Encode("one two")).Concat(_tokenizer.Frame.After).Select(token => (long)token)]);
            if (!vector.All(float.IsFinite))
            {
                throw new InvalidDataException("its vectors are not finite");
            }
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or InvalidDataException)
        {
            throw new ModelLoadException(
                $"{path}: as an embedding model it cannot be run: {exception.Message.ReplaceLineEndings(" ").Trim()}; config.json and tokenizer.json must belong to it.", exception);
        }
    }

    private static string OutputOf(InferenceSession session, Pooling pooling, string path)
    {
        string[] unknown = [.. session.InputMetadata.Keys.Except(KnownInputs)];
        if (unknown.Length > 0 || !session.InputMetadata.ContainsKey(InputIds))
        {
            throw new ModelLoadException(
                $"{path}: takes the inputs {string.Join(", ", session.InputMetadata.Keys)}; an encoder with {string.Join(", ", KnownInputs)} is supported.");
        }

        string? output = pooling == Pooling.InGraph ? SentenceOutput : TokenOutputs.FirstOrDefault(session.OutputMetadata.ContainsKey);
        return output is not null && session.OutputMetadata[output].ElementDataType == TensorElementType.Float
            ? output
            : throw new ModelLoadException(
                $"{path}: gives {string.Join(", ", session.OutputMetadata.Keys)}; an encoder gives {SentenceOutput} or {string.Join(" or ", TokenOutputs)} in float32.");
    }

    private static InferenceSession Open(string path, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads > 0 ? threads : Environment.ProcessorCount,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,

            // Every text has another length, so that a recorded pattern never fits.
            EnableMemoryPattern = false,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return Execution.SessionFactory.Load(path, options);
    }
}
