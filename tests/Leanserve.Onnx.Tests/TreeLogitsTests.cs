using CsCheck;
using Leanserve.Contracts;
using Leanserve.Onnx.Tests.Support;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Tests;

public sealed class TreeLogitsTests
{
    [Fact]
    public void Runner_RandomTreeInOneBuffer_EqualsSeparateLinearRuns() =>
        Gen.Select(Gen.OneOfConst([.. TinyModel.FloatSpecs]), Gen.Int[0, 1_000_000], Gen.Bool).Sample(
            (spec, seed, modelAttention) => Assert.InRange(LargestDifference(spec, new Random(seed), modelAttention), 0, 1e-4),
            iter: 16,
            threads: 1);

    [Fact]
    public void Runner_OurAttention_GivesTheSameBitsInAnyCompany() =>
        Gen.Select(Gen.OneOfConst([.. TinyModel.AllSpecs]), Gen.Int[0, 1_000_000]).Sample(
            (spec, seed) => Assert.Equal(0, LargestDifference(spec, new Random(seed), modelAttention: false)),
            iter: 16,
            threads: 1);

    [Fact]
    public void Runner_ModelOf16Bits_IsCloseToTheFullOne()
    {
        AssertClose(TinyModel.Half, TinyModel.GroupedQuery);
        AssertClose(TinyModel.HalfInt4, TinyModel.Int4);

        static void AssertClose(DecoderSpec half, DecoderSpec full)
        {
            using var runner = TinyModel.Runner(half, slots: 256);
            using var linear = TinyModel.Runner(full, slots: 256);

            // Of logits with a standard deviation near 4; the processor's products of halves also add up in halves.
            Assert.InRange(new RandomTree(new Random(3)).LargestDifference(runner, linear), 1e-4, 0.5);
            Assert.Equal(WeightPrecision.Float16.BitsPerWeight() / 8, TinyModel.Open(half).KeyValueElementBytes);
        }
    }

    [Fact]
    public void Runner_MovedSlots_GiveTheSameLogits()
    {
        using var runner = TinyModel.Runner(TinyModel.GroupedQuery, slots: 64);
        var tree = new RandomTree(new Random(5));
        tree.Grow(runner, 10);
        float[] before = tree.Query(runner, node: 9, token: 17);
        tree.Shuffle(runner);
        float[] after = tree.Query(runner, node: 9, token: 17);
        Assert.Equal(before.Length, after.Length);
        Assert.All(before.Zip(after), pair => Assert.Equal(pair.First, pair.Second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Runner_SlotsCopiedToAnotherRunner_GiveTheSameLogits(bool modelAttention)
    {
        using var runner = TinyModel.Runner(TinyModel.GroupedQuery, slots: 64, modelAttention: modelAttention);
        using var other = TinyModel.Runner(TinyModel.GroupedQuery, slots: 64, modelAttention: modelAttention);
        var tree = new RandomTree(new Random(5));
        tree.Grow(runner, 10);
        RandomTree.Copy(runner, other);
        Assert.Equal(tree.Query(runner, node: 9, token: 17), tree.Query(other, node: 9, token: 17));
        Assert.Equal(runner.SlotFormat, other.SlotFormat);
        Assert.Throws<ArgumentOutOfRangeException>(() => runner.ReadSlots([1], new byte[runner.SlotBytes + 1]));
    }

    [Fact]
    public void Runner_StepPastCapacity_IsRefused()
    {
        using var runner = TinyModel.Runner(TinyModel.GroupedQuery, slots: 4);
        var exception = Assert.Throws<ArgumentException>(() => LinearDecoder.Logits(runner, [1, 2, 3, 4, 5]));
        Assert.Contains("capacity of 4", exception.Message, StringComparison.Ordinal);
    }

    private static double LargestDifference(DecoderSpec spec, Random random, bool modelAttention)
    {
        using var runner = TinyModel.Runner(spec, slots: 256, modelAttention: modelAttention);
        using var linear = TinyModel.Runner(spec, slots: 256, modelAttention: modelAttention);
        return new RandomTree(random).LargestDifference(runner, linear);
    }
}
