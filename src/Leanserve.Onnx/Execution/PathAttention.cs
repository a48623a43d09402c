using System.Runtime.ExceptionServices;
using Leanserve.Contracts;
using Leanserve.Engine;
using Microsoft.ML.OnnxRuntime;

namespace Leanserve.Onnx.Execution;

/// <summary>
/// Our own attention operator on the processor. Each token attends to the slots of its path, in order of position: its cost does not grow with
/// other requests' slots, and its result is the same to the last bit whatever else is in the buffer or in the step.
/// </summary>
internal sealed class PathAttention : IAttention
{
    private readonly KvBuffer _cache;
    private readonly CustomOperator _operator;
    private ModelStep? _step;
    private Exception? _fault;

    public PathAttention(ModelGeometry geometry, int slots)
    {
        Geometry = geometry;
        _cache = new KvBuffer(geometry, slots, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float);
        _operator = new CustomOperator(this);
    }

    public ModelGeometry Geometry { get; }

    public KvBuffer Cache => _cache;

    /// <inheritdoc/>
    IKvBuffer IAttention.Cache => _cache;

    /// <summary>The step that the session is running.</summary>
    public ModelStep Step => _step ?? throw new InvalidOperationException("No step is running.");

    /// <summary>Makes the operator known to a session that is about to be opened.</summary>
    public void Register(SessionOptions options) => _operator.Register(options);

    /// <summary>Remembers a fault; exceptions must not pass through native code.</summary>
    public void Report(Exception exception) => Interlocked.CompareExchange(ref _fault, exception, null);

    /// <inheritdoc/>
    public void Bind(OrtIoBinding binding)
    {
    }

    /// <inheritdoc/>
    public void Prepare(ModelStep step, OrtIoBinding binding, List<OrtValue> stepValues) => _step = step;

    /// <inheritdoc/>
    public void Complete()
    {
        _step = null;
        if (Interlocked.Exchange(ref _fault, null) is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    public void Dispose()
    {
        _operator.Dispose();
        _cache.Dispose();
    }
}
