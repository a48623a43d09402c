using System.Runtime.InteropServices;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx.Writing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Leanserve.Onnx.Execution;

/// <summary>Runs a decoder that obeys <see cref="TreeContract"/>, with the KV cache bound in place as past and present.</summary>
public sealed class OnnxModelRunner : IModelRunner
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions = new();
    private readonly IKvBuffer _cache;
    private readonly TensorElementType _biasType;
    private readonly TensorElementType _logitsType;
    private readonly int[] _lengths = new int[2];
    private readonly OrtValue _sequenceLengths;
    private readonly OrtValue _totalLength;
    private readonly List<OrtValue> _stepValues = [];
    private float[] _logits = [];
    private Float16[] _halfLogits = [];
    private Float16[] _halfBias = [];

    /// <param name="session">Owned by the runner from here on.</param>
    /// <param name="geometry">The model's shape.</param>
    /// <param name="slots">Token slots of the KV cache.</param>
    /// <param name="cache">The KV cache, owned by the runner from here on.</param>
    internal OnnxModelRunner(InferenceSession session, ModelGeometry geometry, int slots, IKvBuffer cache)
    {
        _session = session;
        _cache = cache;
        Geometry = geometry;
        Capacity = slots;
        _biasType = session.InputMetadata[TreeContract.AttentionBias].ElementDataType;
        _logitsType = session.OutputMetadata[TreeContract.Logits].ElementDataType;
        _sequenceLengths = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _lengths.AsMemory(0, 1), [1]);
        _totalLength = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _lengths.AsMemory(1, 1), []);
        _binding = session.CreateIoBinding();
        BindConstants();
    }

    /// <inheritdoc/>
    public ModelGeometry Geometry { get; }

    /// <inheritdoc/>
    public int Capacity { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Run(ModelStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        int tokens = step.TokenIds.Length;
        int total = step.UsedSlots + tokens;
        Check(step, tokens, total);
        _lengths[0] = total - 1;
        _lengths[1] = total;
        BindInput(TreeContract.InputIds, step.TokenIds, [1, tokens]);
        BindInput(TreeContract.PositionIds, step.Positions, [1, tokens]);
        BindInput(TreeContract.LogitRows, step.LogitRows, [step.LogitRows.Length]);
        BindBias(step.AttentionBias, [1, 1, tokens, total]);
        int logits = checked(step.LogitRows.Length * Geometry.VocabularySize);
        BindLogits(logits, [1, step.LogitRows.Length, Geometry.VocabularySize]);
        try
        {
            _session.RunWithBinding(_runOptions, _binding);
        }
        finally
        {
            _stepValues.ForEach(value => value.Dispose());
            _stepValues.Clear();
        }

        return ReadLogits(logits);
    }

    /// <inheritdoc/>
    public void MoveSlots(ReadOnlySpan<SlotMove> moves) => _cache.Move(moves);

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _sequenceLengths.Dispose();
        _totalLength.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
        _cache.Dispose();
    }

    private void BindConstants()
    {
        _binding.BindInput(TreeContract.SequenceLengthsMinusOne, _sequenceLengths);
        _binding.BindInput(TreeContract.TotalSequenceLength, _totalLength);
        for (int layer = 0; layer < Geometry.Layers; layer++)
        {
            _binding.BindInput(TreeContract.PastKey(layer), _cache.Key(layer));
            _binding.BindInput(TreeContract.PastValue(layer), _cache.Value(layer));
            _binding.BindOutput(TreeContract.PresentKey(layer), _cache.Key(layer));
            _binding.BindOutput(TreeContract.PresentValue(layer), _cache.Value(layer));
        }
    }

    private void Check(ModelStep step, int tokens, int total)
    {
        if (total > Capacity)
        {
            throw new ArgumentException($"{step.UsedSlots} used slots and {tokens} new ones exceed the capacity of {Capacity}.", nameof(step));
        }

        if (tokens == 0 || step.Positions.Length != tokens || step.AttentionBias.Length != (long)tokens * total || step.LogitRows.Length == 0)
        {
            throw new ArgumentException(
                $"{tokens} tokens, {step.Positions.Length} positions, {step.AttentionBias.Length} biases over {total} slots and {step.LogitRows.Length} "
                + "logit rows do not make a step.",
                nameof(step));
        }
    }

    private void BindInput<T>(string name, ReadOnlyMemory<T> data, long[] shape)
        where T : unmanaged
    {
        var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, MemoryMarshal.AsMemory(data), shape);
        _stepValues.Add(value);
        _binding.BindInput(name, value);
    }

    private void BindBias(ReadOnlyMemory<float> bias, long[] shape)
    {
        if (_biasType != TensorElementType.Float16)
        {
            BindInput(TreeContract.AttentionBias, bias, shape);
            return;
        }

        EnsureLength(ref _halfBias, bias.Length);
        var source = bias.Span;
        for (int i = 0; i < source.Length; i++)
        {
            _halfBias[i] = (Float16)source[i];
        }

        BindInput<Float16>(TreeContract.AttentionBias, _halfBias.AsMemory(0, bias.Length), shape);
    }

    private void BindLogits(int length, long[] shape)
    {
        EnsureLength(ref _logits, length);
        OrtValue value;
        if (_logitsType == TensorElementType.Float16)
        {
            EnsureLength(ref _halfLogits, length);
            value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _halfLogits.AsMemory(0, length), shape);
        }
        else
        {
            value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _logits.AsMemory(0, length), shape);
        }

        _stepValues.Add(value);
        _binding.BindOutput(TreeContract.Logits, value);
    }

    private ReadOnlySpan<float> ReadLogits(int length)
    {
        if (_logitsType == TensorElementType.Float16)
        {
            for (int i = 0; i < length; i++)
            {
                _logits[i] = (float)_halfLogits[i];
            }
        }

        return _logits.AsSpan(0, length);
    }

    /// <summary>Buffers grow geometrically and live on the pinned heap, since native code reads them.</summary>
    private static void EnsureLength<T>(ref T[] buffer, int length)
        where T : unmanaged
    {
        if (buffer.Length < length)
        {
            buffer = GC.AllocateUninitializedArray<T>(Math.Max(length, 2 * buffer.Length), pinned: true);
        }
    }
}
