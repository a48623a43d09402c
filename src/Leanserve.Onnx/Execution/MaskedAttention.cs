using Leanserve.Engine;
using Leanserve.Onnx.Writing;
using Microsoft.ML.OnnxRuntime;

namespace Leanserve.Onnx.Execution;

/// <summary>
/// The model's own GroupQueryAttention nodes over all used slots, with paths as an additive mask [1, 1, S, T + S] and the KV cache bound in place as
/// past and present. What GPUs run.
/// </summary>
internal sealed class MaskedAttention : IAttention
{
    private readonly IKvBuffer _cache;
    private readonly int _layers;
    private readonly PathMask _mask;
    private readonly int[] _lengths = GC.AllocateArray<int>(2, pinned: true);

    /// <param name="cache">Owned from here on.</param>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="mask">Of the type of the queries.</param>
    public MaskedAttention(IKvBuffer cache, int layers, PathMask mask)
    {
        _cache = cache;
        _layers = layers;
        _mask = mask;
    }

    /// <inheritdoc/>
    public IKvBuffer Cache => _cache;

    /// <inheritdoc/>
    public void Bind(OrtIoBinding binding)
    {
        for (int layer = 0; layer < _layers; layer++)
        {
            binding.BindInput(TreeContract.PastKey(layer), _cache.Key(layer));
            binding.BindInput(TreeContract.PastValue(layer), _cache.Value(layer));
            binding.BindOutput(TreeContract.PresentKey(layer), _cache.Key(layer));
            binding.BindOutput(TreeContract.PresentValue(layer), _cache.Value(layer));
        }
    }

    /// <inheritdoc/>
    /// <remarks>Binding copies to the device what is wanted there, so that also the lengths are bound anew in each step.</remarks>
    public void Prepare(ModelStep step, OrtIoBinding binding, List<OrtValue> stepValues)
    {
        int total = step.UsedSlots + step.TokenIds.Length;
        _lengths[0] = total - 1;
        _lengths[1] = total;
        BindInput(TreeContract.SequenceLengthsMinusOne, OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _lengths.AsMemory(0, 1), [1]));
        BindInput(TreeContract.TotalSequenceLength, OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _lengths.AsMemory(1, 1), []));
        BindInput(TreeContract.AttentionBias, _mask.Fill(step.Paths.Span, total));

        void BindInput(string name, OrtValue value)
        {
            stepValues.Add(value);
            binding.BindInput(name, value);
        }
    }

    /// <inheritdoc/>
    public void Complete()
    {
    }

    public void Dispose() => _cache.Dispose();
}
