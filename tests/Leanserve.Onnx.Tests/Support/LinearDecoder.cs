using System.Numerics.Tensors;
using Leanserve.Engine;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Tests.Support;

/// <summary>The plainest way to run a model, as the measure of all others: the whole sequence at once, in order, causally, in a fresh buffer.</summary>
internal static class LinearDecoder
{
    /// <summary>Logits after the last token.</summary>
    public static float[] Logits(IModelRunner runner, IReadOnlyList<int> tokens)
    {
        int count = tokens.Count;
        int[] path = [.. Enumerable.Range(0, count)];
        var step = new ModelStep
        {
            TokenIds = tokens.Select(token => (long)token).ToArray(),
            Positions = Enumerable.Range(0, count).Select(position => (long)position).ToArray(),
            UsedSlots = 0,
            Paths = Enumerable.Range(1, count).Select(length => (ReadOnlyMemory<int>)path.AsMemory(0, length)).ToArray(),
            LogitRows = new long[] { count - 1 },
        };
        return runner.Run(step).ToArray();
    }

    public static int[] Greedy(DecoderSpec spec, IReadOnlyList<int> prompt, int count, ulong seed = 1)
    {
        using var runner = TinyModel.Runner(spec, seed);
        List<int> tokens = [.. prompt];
        for (int i = 0; i < count; i++)
        {
            tokens.Add(TensorPrimitives.IndexOfMax<float>(Logits(runner, tokens)));
        }

        return [.. tokens.Skip(prompt.Count)];
    }
}
