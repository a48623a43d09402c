using Leanserve.Contracts;
using Leanserve.Onnx.Writing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Leanserve.Onnx.Execution;

/// <summary>Opens ONNX Runtime sessions on the processor or, in builds with <c>-p:Accelerator=cuda</c>, on the GPU.</summary>
internal static class SessionFactory
{
    /// <summary>Loads the weights and takes the KV cache.</summary>
    /// <exception cref="ModelLoadException">ONNX Runtime refuses the model, or this build lacks the execution provider.</exception>
    public static OnnxModelRunner CreateRunner(string modelPath, byte[]? editedModel, ModelGeometry geometry, OnnxRunnerOptions options)
    {
        using var session = CreateOptions(options, Path.GetDirectoryName(modelPath)!);
        InferenceSession opened;
        try
        {
            opened = editedModel is null ? new InferenceSession(modelPath, session) : new InferenceSession(editedModel, session);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelLoadException($"{modelPath}: ONNX Runtime cannot load it: {OneLine(exception.Message)}", exception);
        }

        var elementType = opened.InputMetadata[TreeContract.PastKey(0)].ElementDataType;
        return new OnnxModelRunner(opened, geometry, options.KvSlots, CreateCache(geometry, options, elementType));
    }

    internal static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();

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
            AppendCuda(session);
        }

        return session;
    }

#if CUDA
    private static void AppendCuda(SessionOptions session) => session.AppendExecutionProvider_CUDA();

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
