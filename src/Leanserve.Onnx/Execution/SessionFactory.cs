using Google.Protobuf;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx.Graphs;
using Leanserve.Onnx.Protos;
using Leanserve.Onnx.Writing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Leanserve.Onnx.Execution;

/// <summary>Opens ONNX Runtime sessions on the processor or, in builds with <c>-p:Accelerator=cuda</c>, on the GPU.</summary>
internal static class SessionFactory
{
    // ONNX Runtime keeps the domains of custom operators for the whole process and adds to them without a lock of its own.
    private static readonly Lock Loading = new();

    /// <summary>Loads the weights and takes the KV cache.</summary>
    /// <param name="modelPath">The model file; external weights lie beside it.</param>
    /// <param name="model">The graph, taking the prefix tree; edited in place where our own attention takes over.</param>
    /// <param name="isEdited">Whether <paramref name="model"/> differs from the file.</param>
    /// <param name="geometry">The model's shape.</param>
    /// <param name="options">Execution provider, threads, slots.</param>
    /// <exception cref="ModelLoadException">ONNX Runtime refuses the model, or this build lacks the execution provider.</exception>
    public static OnnxModelRunner CreateRunner(string modelPath, ModelProto model, bool isEdited, ModelGeometry geometry, OnnxRunnerOptions options)
    {
        using var session = CreateOptions(options, Path.GetDirectoryName(modelPath)!);
        if (options.ExecutionProvider == ExecutionProvider.Cpu && !options.UseModelAttention && PathAttentionRewriter.CanRewrite(model.Graph, geometry))
        {
            PathAttentionRewriter.Rewrite(model);
            return CreatePathRunner(modelPath, model, session, geometry, options);
        }

        if (options.ExecutionProvider == ExecutionProvider.Cuda && HalfAttentionRewriter.Applies(model.Graph))
        {
            HalfAttentionRewriter.Rewrite(model.Graph);
            isEdited = true;
        }

        return CreateMaskedRunner(Open(modelPath, isEdited ? model : null, session), geometry, options);
    }

    private static OnnxModelRunner CreateMaskedRunner(InferenceSession session, ModelGeometry geometry, OnnxRunnerOptions options)
    {
        OnnxModelRunner runner;
        try
        {
            var mask = PathMask.Of(session.InputMetadata[TreeContract.AttentionBias].ElementDataType);
            var cache = CreateCache(geometry, options, session.InputMetadata[TreeContract.PastKey(0)].ElementDataType);
            runner = new OnnxModelRunner(session, geometry, options.KvSlots, new MaskedAttention(cache, geometry.Layers, mask));
        }
        catch (ModelLoadException)
        {
            session.Dispose();
            throw;
        }

        if (options.ExecutionProvider == ExecutionProvider.Cuda && options.LargestStepTokens > 0)
        {
            // Not the largest alone: which of the arena's parts a step gets depends on those before it.
            int largest = Math.Min(options.LargestStepTokens, options.KvSlots);
            for (int tokens = largest; tokens > 0; tokens = tokens * 3 / 4)
            {
                TakeMemory(runner, tokens);
            }

            TakeMemory(runner, largest);
        }

        return runner;
    }

    /// <summary>Runs a step of so many tokens over all slots; its results, over slots that nothing was written to, are of no use.</summary>
    /// <exception cref="ModelLoadException">The GPU has less memory left.</exception>
    private static void TakeMemory(OnnxModelRunner runner, int tokens)
    {
        int used = runner.Capacity - tokens;
        try
        {
            runner.Run(new ModelStep
            {
                TokenIds = new long[tokens],
                Positions = new long[tokens],
                UsedSlots = used,
                Paths = Enumerable.Range(used, tokens).Select(slot => (ReadOnlyMemory<int>)new[] { slot }).ToArray(),
                LogitRows = new long[] { tokens - 1 },
            });
        }
        catch (OnnxRuntimeException exception)
        {
            runner.Dispose();
            throw new ModelLoadException(
                $"A step of {tokens} tokens over {runner.Capacity} KV slots does not run on this GPU: {exception.Message.ReplaceLineEndings(" ").Trim()} "
                + "Where its memory is too small, set fewer kvSlots or a smaller prefillChunkTokens.", exception);
        }
    }

    private static OnnxModelRunner CreatePathRunner(
        string modelPath, ModelProto model, SessionOptions session, ModelGeometry geometry, OnnxRunnerOptions options)
    {
        var operators = new OperatorSet(session.IntraOpNumThreads);
        var attention = new PathAttention(geometry, options.KvSlots, operators);
        try
        {
            new ProjectionRewriter(model.Graph, Path.GetDirectoryName(modelPath)!, operators).Rewrite(options.PackedWeights);
            operators.Register(session);
            return new OnnxModelRunner(Open(modelPath, model, session), geometry, options.KvSlots, attention);
        }
        catch (ModelLoadException)
        {
            attention.Dispose();
            throw;
        }
    }

    /// <summary>Opens a session on a file as it is.</summary>
    /// <exception cref="ModelLoadException">ONNX Runtime refuses the model.</exception>
    public static InferenceSession Load(string modelPath, SessionOptions options) => Open(modelPath, null, options);

    private static InferenceSession Open(string modelPath, ModelProto? edited, SessionOptions options)
    {
        try
        {
            lock (Loading)
            {
                return edited is null ? new InferenceSession(modelPath, options) : new InferenceSession(edited.ToByteArray(), options);
            }
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelLoadException($"{modelPath}: ONNX Runtime cannot load it: {exception.Message.ReplaceLineEndings(" ").Trim()}", exception);
        }
    }

    private static SessionOptions CreateOptions(OnnxRunnerOptions options, string directory)
    {
        var session = new SessionOptions
        {
            IntraOpNumThreads = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,

            // Every step has other shapes, so that a recorded pattern never fits.
            EnableMemoryPattern = false,
        };
        session.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", directory);
        if (options.ExecutionProvider == ExecutionProvider.Cuda)
        {
            // It would move the rotation back into the attention, where positions are those of one sequence.
            session.AddSessionConfigEntry("optimization.disable_specified_optimizers", "GroupQueryAttentionFusion");
            AppendCuda(session);
        }

        return session;
    }

#if CUDA
    /// <exception cref="ModelLoadException">There is no GPU, or a library of CUDA is missing.</exception>
    private static void AppendCuda(SessionOptions session)
    {
        try
        {
            using var cuda = new OrtCUDAProviderOptions();

            // An arena that doubles takes memory that the plan gives to the KV cache; the largest step, which runs first, makes room for all others.
            cuda.UpdateOptions(new Dictionary<string, string> { ["arena_extend_strategy"] = "kSameAsRequested" });
            session.AppendExecutionProvider_CUDA(cuda);
        }
        catch (OnnxRuntimeException exception)
        {
            // What comes before is where in ONNX Runtime's source it was noticed.
            string reason = exception.Message.ReplaceLineEndings(" ").Trim().Split("FAIL : ")[^1];
            throw new ModelLoadException(
                $"Execution provider Cuda: {reason} It needs an NVIDIA GPU, its driver and the libraries of CUDA 13.", exception);
        }
    }

    private static IKvBuffer CreateCache(ModelGeometry geometry, OnnxRunnerOptions options, TensorElementType elementType) =>
        options.ExecutionProvider == ExecutionProvider.Cuda
            ? new CudaKvBuffer(geometry, options.KvSlots, elementType)
            : new KvBuffer(geometry, options.KvSlots, elementType);
#else
    private static void AppendCuda(SessionOptions session) => throw new ModelLoadException(
        "Execution provider Cuda: this is a CPU build; build with -p:Accelerator=cuda, or set executionProvider to Cpu.");

    private static KvBuffer CreateCache(ModelGeometry geometry, OnnxRunnerOptions options, TensorElementType elementType) =>
        new(geometry, options.KvSlots, elementType);
#endif
}
