using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx.Writing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Leanserve.Onnx.Execution;

/// <summary>Runs a decoder over the prefix tree by I/O binding; nothing is copied but tokens in and logits out.</summary>
public sealed class OnnxModelRunner : IModelRunner
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions = new();
    private readonly IAttention _attention;
    private readonly bool _hasPositions;
    private readonly TensorElementType _logitType;
    private readonly List<OrtValue> _stepValues = [];
    private float[] _logits = [];
    private ushort[] _halfLogits = [];

    /// <param name="session">Owned by the runner from here on.</param>
    /// <param name="geometry">The model's shape.</param>
    /// <param name="slots">Token slots of the KV cache.</param>
    /// <param name="attention">How the session attends and where its KV cache is; owned by the runner from here on.</param>
    internal OnnxModelRunner(InferenceSession session, ModelGeometry geometry, int slots, IAttention attention)
    {
        _session = session;
        _attention = attention;
        Geometry = geometry;
        Capacity = slots;
        _hasPositions = session.InputMetadata.ContainsKey(TreeContract.PositionIds);
        _logitType = session.OutputMetadata[TreeContract.Logits].ElementDataType;
        SlotBytes = attention.Cache.SlotBytes;
        SlotFormat = $"{attention.GetType().Name} {attention.Cache.GetType().Name} {SlotBytes} {OrtEnv.Instance().GetVersionString()} {typeof(OnnxModelRunner).Assembly.ManifestModule.ModuleVersionId:N}";
        _binding = session.CreateIoBinding();
        _attention.Bind(_binding);
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
        Check(step, tokens);
        BindInput(TreeContract.InputIds, step.TokenIds, [1, tokens]);
        if (_hasPositions)
        {
            BindInput(TreeContract.PositionIds, step.Positions, [1, tokens]);
        }

        BindInput(TreeContract.LogitRows, step.LogitRows, [step.LogitRows.Length]);
        int logits = checked(step.LogitRows.Length * Geometry.VocabularySize);
        BindLogits(logits, [1, step.LogitRows.Length, Geometry.VocabularySize]);
        _attention.Prepare(step, _binding, _stepValues);
        try
        {
            _session.RunWithBinding(_runOptions, _binding);
        }
        finally
        {
            _stepValues.ForEach(value => value.Dispose());
            _stepValues.Clear();
        }

        _attention.Complete();
        return ReadLogits(logits);
    }

    /// <inheritdoc/>
    public int SlotBytes { get; }

    /// <inheritdoc/>
    /// <remarks>The build's own id covers every change of our kernels; runtime and attention cover the rest.</remarks>
    public string SlotFormat { get; }

    /// <inheritdoc/>
    public void MoveSlots(ReadOnlySpan<SlotMove> moves) => _attention.Cache.Move(moves);

    /// <inheritdoc/>
    public void ReadSlots(ReadOnlySpan<int> slots, Span<byte> rows) => _attention.Cache.Read(slots, rows);

    /// <inheritdoc/>
    public void WriteSlots(ReadOnlySpan<int> slots, ReadOnlySpan<byte> rows) => _attention.Cache.Write(slots, rows);

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
        _attention.Dispose();
    }

    private void Check(ModelStep step, int tokens)
    {
        if (step.UsedSlots + tokens > Capacity)
        {
            throw new ArgumentException($"{step.UsedSlots} used slots and {tokens} new ones exceed the capacity of {Capacity}.", nameof(step));
        }

        if (tokens == 0 || step.Positions.Length != tokens || step.Paths.Length != tokens || step.LogitRows.Length == 0)
        {
            throw new ArgumentException(
                $"{tokens} tokens, {step.Positions.Length} positions, {step.Paths.Length} paths and {step.LogitRows.Length} logit rows do not make a step.",
                nameof(step));
        }

        foreach (var path in step.Paths.Span)
        {
            if (path.IsEmpty || TensorPrimitives.Max(path.Span) >= step.UsedSlots + tokens)
            {
                throw new ArgumentException("A path is empty, or leads through a slot past the step.", nameof(step));
            }
        }
    }

    private void BindInput<T>(string name, ReadOnlyMemory<T> data, long[] shape)
        where T : unmanaged
    {
        var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, MemoryMarshal.AsMemory(data), shape);
        _stepValues.Add(value);
        _binding.BindInput(name, value);
    }

    private void BindLogits(int length, long[] shape)
    {
        StepBuffer.EnsureLength(ref _logits, length);
        if (_logitType is not TensorElementType.Float)
        {
            StepBuffer.EnsureLength(ref _halfLogits, length);
        }

        var value = _logitType is TensorElementType.Float
            ? StepBuffer.Tensor(_logits, _logitType, shape)
            : StepBuffer.Tensor(_halfLogits, _logitType, shape);
        _stepValues.Add(value);
        _binding.BindOutput(TreeContract.Logits, value);
    }

    private ReadOnlySpan<float> ReadLogits(int length)
    {
        var logits = _logits.AsSpan(0, length);
        var halves = _halfLogits.AsSpan(0, _logitType is TensorElementType.Float ? 0 : length);
        switch (_logitType)
        {
            case TensorElementType.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<ushort, Half>(halves), logits);
                break;
            case TensorElementType.BFloat16:
                // The upper half of an f32.
                var bits = MemoryMarshal.Cast<float, uint>(logits);
                for (int i = 0; i < length; i++)
                {
                    bits[i] = (uint)halves[i] << 16;
                }

                break;
        }

        return logits;
    }
}
