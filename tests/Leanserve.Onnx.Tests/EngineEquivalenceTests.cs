using CsCheck;
using Leanserve.Onnx.Tests.Support;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Tests;

/// <summary>However a request shares steps, slots and prefixes with others, its answer is that of the plainest decoding.</summary>
public sealed class EngineEquivalenceTests
{
    private const int AnswerTokens = 16;

    private static readonly Gen<int[]> Prompt = Gen.Int[0, TinyModel.VocabularySize - 1].Array[1, 60];

    private static readonly Gen<(DecoderSpec Spec, ulong Seed)> Model =
        Gen.Select(Gen.OneOfConst([.. TinyModel.AllSpecs]), Gen.ULong[1, 3], (spec, seed) => (spec, seed));

    [Fact]
    public async Task Engine_GreedyAlone_EqualsStepwiseArgmax() =>
        await Gen.Select(Model, Prompt).SampleAsync(
            async (model, prompt) =>
            {
                await using var engine = TinyModel.Engine(model.Spec, model.Seed);
                var answer = await engine.AskAsync(Answers.Greedy(prompt, AnswerTokens));
                Assert.Equal(LinearDecoder.Greedy(model.Spec, prompt, AnswerTokens, model.Seed), answer.Tokens());
                Assert.Equal(AnswerTokens, answer.Finished!.Usage.CompletionTokens);
                return true;
            },
            iter: 12,
            threads: 1);

    [Fact]
    public async Task Engine_PreloadedDocuments_AnswerLikeFullPrompt() =>
        await Gen.Select(Model, Gen.Int[0, TinyModel.VocabularySize - 1].Array[20, 200], Prompt).SampleAsync(
            async (model, documents, question) =>
            {
                int[] prompt = [.. documents, .. question];
                await using var cached = TinyModel.Engine(model.Spec, model.Seed);
                await cached.PreloadAsync("docs", documents, TestContext.Current.CancellationToken);
                var answer = await cached.AskAsync(Answers.Greedy(prompt, AnswerTokens));
                Assert.Equal(LinearDecoder.Greedy(model.Spec, prompt, AnswerTokens, model.Seed), answer.Tokens());
                Assert.Equal(documents.Length, answer.Finished!.Usage.CachedTokens);
                return true;
            },
            iter: 12,
            threads: 1);

    [Fact]
    public async Task Engine_Concurrent_AnswersLikeAlone() =>
        await Gen.Select(Model, Prompt, Prompt.Array[6, 10], Gen.Int[3, 40]).SampleAsync(
            async (model, shared, tails, chunk) =>
            {
                await using var together = TinyModel.Engine(model.Spec, model.Seed, chunk: chunk);
                await together.PreloadAsync("docs", shared, TestContext.Current.CancellationToken);
                var requests = tails.Select((tail, i) => i % 2 == 0
                    ? Answers.Greedy([.. shared, .. tail], AnswerTokens + i)
                    : Answers.Sampled([.. shared, .. tail], AnswerTokens + i, (ulong)i)).ToList();
                var answers = await Task.WhenAll(requests.Select(together.AskAsync));
                await using var alone = TinyModel.Engine(model.Spec, model.Seed, reuse: false, chunk: 512);
                for (int i = 0; i < requests.Count; i++)
                {
                    var solo = await alone.AskAsync(requests[i]);
                    Assert.Equal(solo.Tokens(), answers[i].Tokens());
                    Assert.Equal(solo.Text(), answers[i].Text());
                }

                return true;
            },
            iter: 10,
            threads: 1);

    [Fact]
    public async Task Engine_TooFewSlotsForAll_EvictsAndWaitsAndAnswersLikeAlone() =>
        await Gen.Select(Model, Prompt, Prompt.Array[12]).SampleAsync(
            async (model, shared, tails) =>
            {
                // Room for two or three of the twelve requests at once.
                await using var tight = TinyModel.Engine(model.Spec, model.Seed, slots: 310, chunk: 24);
                await tight.PreloadAsync("docs", shared, TestContext.Current.CancellationToken);
                var requests = tails.Select(tail => Answers.Greedy([.. shared, .. tail], AnswerTokens)).ToList();
                var answers = await Task.WhenAll(requests.Select(tight.AskAsync));
                await using var roomy = TinyModel.Engine(model.Spec, model.Seed, reuse: false);
                for (int i = 0; i < requests.Count; i++)
                {
                    Assert.Equal((await roomy.AskAsync(requests[i])).Tokens(), answers[i].Tokens());
                }

                Assert.Equal(shared.Length, tight.Statistics.PreloadedSlots);
                return true;
            },
            iter: 6,
            threads: 1);

    [Fact]
    public async Task Engine_RepeatedAndExtendedPrompts_ReuseAndAnswerAlike() =>
        await Gen.Select(Model, Prompt, Prompt).SampleAsync(
            async (model, first, second) =>
            {
                await using var engine = TinyModel.Engine(model.Spec, model.Seed);
                var once = await engine.AskAsync(Answers.Greedy(first, AnswerTokens));
                var again = await engine.AskAsync(Answers.Greedy(first, AnswerTokens));
                int[] dialogue = [.. first, .. once.Tokens(), .. second];
                var next = await engine.AskAsync(Answers.Greedy(dialogue, AnswerTokens));
                Assert.Equal(once.Tokens(), again.Tokens());
                Assert.Equal(first.Length - 1, again.Finished!.Usage.CachedTokens);

                // The last token of an answer is drawn but never computed.
                Assert.Equal(first.Length + AnswerTokens - 1, next.Finished!.Usage.CachedTokens);
                Assert.Equal(LinearDecoder.Greedy(model.Spec, dialogue, AnswerTokens, model.Seed), next.Tokens());
                return true;
            },
            iter: 8,
            threads: 1);

    [Fact]
    public async Task Engine_ColdRequestsWithOnePrefix_ComputeItOnce()
    {
        int[] shared = [.. Enumerable.Range(0, 200).Select(i => (i * 7) % TinyModel.VocabularySize)];
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery, chunk: 16);
        var requests = Enumerable.Range(0, 8).Select(i => Answers.Greedy([.. shared, i, i + 1], 4));
        await Task.WhenAll(requests.Select(engine.AskAsync));

        // 200 shared, and two of its own each.
        Assert.Equal(216, engine.Statistics.PrefilledTokens);
    }
}
