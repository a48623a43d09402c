using Leanserve.Engine;
using Leanserve.Onnx.Writing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Leanserve.Onnx.Execution;

/// <summary>
/// The model's own GroupQueryAttention nodes over all used slots, with paths as an additive mask [1, 1, S, T + S] and the KV cache bound in place as
/// past and present. What GPUs run.
/// </summary>
internal sealed class MaskedAttention : IAttention
{
    private readonly IKvBuffer _cache;
    private readonly int _layers;
    private readonly bool _isHalf;
    private readonly int[] _lengths = new int[2];
    private readonly OrtValue _sequenceLengths;
    private readonly OrtValue _totalLength;
    private float[] _mask = [];
    private Float16[] _halfMask = [];

    /// <param name="cache">Owned from here on.</param>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="maskType">Type of the mask, which is that of the queries.</param>
    public MaskedAttention(IKvBuffer cache, int layers, TensorElementType maskType)
    {
        _cache = cache;
        _layers = layers;
        _isHalf = maskType == TensorElementType.Float16;
        _sequenceLengths = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _lengths.AsMemory(0, 1), [1]);
        _totalLength = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _lengths.AsMemory(1, 1), []);
    }

    /// <inheritdoc/>
    public IKvBuffer Cache => _cache;

    /// <inheritdoc/>
    public void Bind(OrtIoBinding binding)
    {
        binding.BindInput(TreeContract.SequenceLengthsMinusOne, _sequenceLengths);
        binding.BindInput(TreeContract.TotalSequenceLength, _totalLength);
        for (int layer = 0; layer < _layers; layer++)
        {
            binding.BindInput(TreeContract.PastKey(layer), _cache.Key(layer));
            binding.BindInput(TreeContract.PastValue(layer), _cache.Value(layer));
            binding.BindOutput(TreeContract.PresentKey(layer), _cache.Key(layer));
            binding.BindOutput(TreeContract.PresentValue(layer), _cache.Value(layer));
        }
    }

    /// <inheritdoc/>
    public void Prepare(ModelStep step, OrtIoBinding binding, List<OrtValue> stepValues)
    {
        int tokens = step.TokenIds.Length;
        int total = step.UsedSlots + tokens;
        _lengths[0] = total - 1;
        _lengths[1] = total;
        int length = checked(tokens * total);
        FillMask(step.Paths.Span, total, length);
        long[] shape = [1, 1, tokens, total];
        var mask = _isHalf
            ? OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _halfMask.AsMemory(0, length), shape)
            : OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _mask.AsMemory(0, length), shape);
        stepValues.Add(mask);
        binding.BindInput(TreeContract.AttentionBias, mask);
    }

    /// <inheritdoc/>
    public void Complete()
    {
    }

    public void Dispose()
    {
        _sequenceLengths.Dispose();
        _totalLength.Dispose();
        _cache.Dispose();
    }

    private void FillMask(ReadOnlySpan<ReadOnlyMemory<int>> paths, int width, int length)
    {
        StepBuffer.EnsureLength(ref _mask, length);
        _mask.AsSpan(0, length).Fill(float.NegativeInfinity);
        for (int row = 0; row < paths.Length; row++)
        {
            var mask = _mask.AsSpan(row * width, width);
            foreach (int slot in paths[row].Span)
            {
                mask[slot] = 0;
            }
        }

        if (_isHalf)
        {
            StepBuffer.EnsureLength(ref _halfMask, length);
            for (int i = 0; i < length; i++)
            {
                _halfMask[i] = (Float16)_mask[i];
            }
        }
    }
}
