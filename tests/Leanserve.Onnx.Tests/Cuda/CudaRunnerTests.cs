using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx.Tests.Support;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Tests.Cuda;

/// <summary>On a GPU, in 16 bits, a model answers as it does on the processor.</summary>
public sealed class CudaRunnerTests
{
    /// <summary>
    /// Logits have a standard deviation near 4; 16 bits keep three decimal digits of them, and TF32 as many of a product. The processor adds halves up in halves, and
    /// multiplies 4-bit weights by activations of 8.
    /// </summary>
    private const double Tolerance = 0.5;

    private static readonly DecoderSpec[] Specs = [TinyModel.MultiHead, TinyModel.GroupedQuery, TinyModel.PartialRotaryTied, TinyModel.Int4, TinyModel.Half, TinyModel.HalfInt4];

    public static TheoryData<int> EachSpec => [.. Enumerable.Range(0, Specs.Length)];

    [Theory]
    [MemberData(nameof(EachSpec))]
    public void Runner_RandomTree_IsCloseToLinearRunsOnTheProcessor(int spec)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            using var runner = Runner(Specs[spec]);
            using var linear = TinyModel.Runner(Specs[spec], slots: 256);
            double difference = new RandomTree(new Random(seed)).LargestDifference(runner, linear);
            TestContext.Current.TestOutputHelper!.WriteLine($"{difference}");
            Assert.InRange(difference, 0, Tolerance);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Runner_ModelAsBuildersWriteIt_IsCloseToTheProcessor(bool packed)
    {
        var folder = ModelFolder.Open(SequenceModel.Write(TinyModel.Open(TinyModel.GroupedQuery), packed));
        using var runner = folder.CreateRunner(Options(64));
        using var expected = TinyModel.Runner(TinyModel.GroupedQuery);
        int[] prompt = [7, 8, 9, 10, 200];
        Assert.All(
            LinearDecoder.Logits(expected, prompt).Zip(LinearDecoder.Logits(runner, prompt)), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Fact]
    public void Runner_MovedSlots_GiveTheSameLogits()
    {
        using var runner = Runner(TinyModel.Half);
        var tree = new RandomTree(new Random(5));
        tree.Grow(runner, 10);
        float[] before = tree.Query(runner, node: 9, token: 17);
        tree.Shuffle(runner);
        Assert.All(before.Zip(tree.Query(runner, node: 9, token: 17)), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Fact]
    public void Runner_SlotsCopiedToAnotherRunner_GiveTheSameLogits()
    {
        using var runner = Runner(TinyModel.Half);
        using var other = Runner(TinyModel.Half);
        var tree = new RandomTree(new Random(5));
        tree.Grow(runner, 10);
        RandomTree.Copy(runner, other);
        Assert.Equal(tree.Query(runner, node: 9, token: 17), tree.Query(other, node: 9, token: 17));
        Assert.Equal(runner.SlotFormat, other.SlotFormat);
        using var processor = TinyModel.Runner(TinyModel.Half);
        Assert.NotEqual(processor.SlotFormat, runner.SlotFormat);
    }

    [Theory]
    [MemberData(nameof(EachSpec))]
    public async Task Engine_RequestsOverCachedDocuments_ChooseTheBestTokens(int spec)
    {
        var random = new Random(7);
        int[] documents = Tokens(random, 150);
        await using var engine = TinyModel.Engine(Runner(Specs[spec], 1024), Specs[spec]);
        await engine.PreloadAsync("docs", documents, TestContext.Current.CancellationToken);
        var requests = Enumerable.Range(0, 12).Select(i => Answers.Greedy([.. documents, .. Tokens(random, 1 + (5 * i))], 20)).ToList();
        var answers = await Task.WhenAll(requests.Select(engine.AskAsync));
        using var linear = TinyModel.Runner(Specs[spec]);
        foreach ((var request, var answer) in requests.Zip(answers))
        {
            Assert.InRange(answer.Finished!.Usage.CachedTokens, documents.Length, request.PromptTokens.Count - 1);
            Assert.Equal(20, answer.Tokens().Length);
            List<int> tokens = [.. request.PromptTokens];
            foreach (int token in answer.Tokens())
            {
                float[] logits = LinearDecoder.Logits(linear, tokens);
                Assert.InRange(logits.Max() - logits[token], 0, 2 * Tolerance);
                tokens.Add(token);
            }
        }
    }

    [Fact]
    public async Task Engine_BeamSearch_ScoresAsTheProcessorDoes()
    {
        var request = new GenerationRequest
        {
            PromptTokens = [40, 41, 42, 43],
            MaxTokens = 12,
            Beam = new BeamSearchOptions { Width = 4 },
            StopTokens = new HashSet<int>(),
        };
        await using var engine = TinyModel.Engine(Runner(TinyModel.Half, 1024), TinyModel.Half);
        await using var expected = TinyModel.Engine(TinyModel.Half);
        Assert.Equal((await expected.AskAsync(request)).Ends[0].Score!.Value, (await engine.AskAsync(request)).Ends[0].Score!.Value, Tolerance);
    }

    [Fact]
    public void CreateRunner_CacheBeyondTheGpu_SaysWhatIsLeft()
    {
        var exception = Assert.Throws<ModelLoadException>(() => TinyModel.Open(TinyModel.Half).CreateRunner(Options(2_000_000_000)));
        Assert.Contains("does not fit the GPU", exception.Message, StringComparison.Ordinal);
        using var runner = Runner(TinyModel.Half);
        Assert.All(LinearDecoder.Logits(runner, [1, 2, 3]), logit => Assert.True(float.IsFinite(logit)));
    }

    private static int[] Tokens(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(TinyModel.VocabularySize))];

    private static IModelRunner Runner(DecoderSpec spec, int slots = 256) => TinyModel.Open(spec).CreateRunner(Options(slots));

    private static OnnxRunnerOptions Options(int slots) => new() { KvSlots = slots, Threads = 1, ExecutionProvider = ExecutionProvider.Cuda };
}
