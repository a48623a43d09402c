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
    /// <summary>The node's type: <c>leanserve.PathAttention(q, k, v) → out</c>.</summary>
    public const string OperatorName = "PathAttention";

    private readonly KvBuffer _cache;
    private readonly OperatorSet _operators;
    private ModelStep? _step;

    /// <param name="geometry">The model's shape.</param>
    /// <param name="slots">Token slots of the KV cache.</param>
    /// <param name="operators">Gets the operator; owned from here on.</param>
    public PathAttention(ModelGeometry geometry, int slots, OperatorSet operators)
    {
        Geometry = geometry;
        _cache = new KvBuffer(geometry, slots, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float);
        _operators = operators;
        operators.Add(OperatorName, inputs: 3, outputs: 1, layer => new PathAttentionKernel(this, operators, layer));
    }

    public ModelGeometry Geometry { get; }

    public KvBuffer Cache => _cache;

    /// <inheritdoc/>
    IKvBuffer IAttention.Cache => _cache;

    /// <summary>The step that the session is running.</summary>
    public ModelStep Step => _step ?? throw new InvalidOperationException("No step is running.");

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
        _operators.ThrowFault();
    }

    public void Dispose()
    {
        _operators.Dispose();
        _cache.Dispose();
    }
}
