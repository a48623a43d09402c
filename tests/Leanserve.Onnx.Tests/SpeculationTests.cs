using System.Text.Json;
using CsCheck;
using Leanserve.Engine;
using Leanserve.Onnx.Tests.Support;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Tests;

/// <summary>Drafted tokens save steps and change nothing.</summary>
public sealed class SpeculationTests
{
    private const double LogitTolerance = 1e-4;

    // All tiny models have the same tokenizer.
    private static readonly OutputFormats Formats = new(TinyModel.Open(TinyModel.GroupedQuery).Tokenizer);

    private static readonly Gen<(DecoderSpec Spec, ulong Seed)> Model =
        Gen.Select(Gen.OneOfConst([.. TinyModel.AllSpecs]), Gen.ULong[1, 3], (spec, seed) => (spec, seed));

    // Few different tokens, most of them repeated: what follows an n-gram here is a fair guess, and a wrong one often enough.
    private static readonly Gen<int[]> Prompt =
        Gen.Select(Gen.Int[40, 46].Array[2, 12], Gen.Int[1, 6], (part, times) => (int[])[.. Enumerable.Repeat(part, times).SelectMany(each => each)]);

    private static readonly Gen<SamplingOptions> Sampling = Gen.Select(
        Gen.OneOfConst(0f, 0.2f, 1f), Gen.OneOfConst(0, 3), Gen.OneOfConst(1f, 0.8f), Gen.OneOfConst(1f, 1.2f), Gen.OneOfConst(0f, 0.5f), Gen.ULong[0, 1_000],
        (temperature, topK, topP, repetition, frequency, seed) => new SamplingOptions
        {
            Temperature = temperature,
            TopK = topK,
            TopP = topP,
            RepetitionPenalty = repetition,
            FrequencyPenalty = frequency,
            PresencePenalty = frequency,
            LogitBias = Enumerable.Range(40, 7).ToDictionary(token => token, _ => 6f),
            Seed = seed,
        });

    // What an answer is held to, or nothing; the same few keys and words again and again, so that drafts are drawn here too.
    private static readonly Gen<string?> Schema = Gen.OneOfConst(
        null,
        null,
        """{"type":"array","items":{"type":"object","properties":{"name":{"enum":["left","right"]},"count":{"type":"integer","minimum":0,"maximum":99}},"required":["name","count"]}}""",
        """{"type":"object","properties":{"part":{"type":"string","maxLength":4},"parts":{"type":"array","items":{"enum":["((","()"]}}},"required":["part","parts"]}""");

    private static readonly Gen<GenerationRequest> Request = Gen.Select(
        Prompt, Sampling, Gen.Int[1, 60], Gen.Int[1, 2], Gen.Bool, Gen.OneOfConst<string[]>([], ["))"], ["(", "*+"]), Schema,
        (prompt, sampling, length, choices, ends, stops, schema) => new GenerationRequest
        {
            PromptTokens = prompt,
            MaxTokens = length,
            Sampling = sampling,
            Choices = choices,
            StopStrings = stops,
            StopTokens = ends || schema is not null ? null : new HashSet<int>(),
            Format = schema is null ? null : FormatOf(schema),
            TopLogProbabilities = 2,
        });

    [Fact]
    public async Task Drafts_OnAndOff_AnswerAlike()
    {
        long drafted = 0;
        long accepted = 0;
        await Gen.Select(Model, Request.Array[1, 5], Gen.Int[1, 12], Gen.Bool).SampleAsync(
            async (model, requests, drafts, reuse) =>
            {
                await using var plain = TinyModel.Engine(model.Spec, model.Seed, reuse: false);
                await using var drafting = TinyModel.Engine(model.Spec, model.Seed, slots: 700, reuse: reuse, drafts: drafts);
                var answers = await Task.WhenAll(requests.Select(drafting.AskAsync));
                for (int i = 0; i < requests.Length; i++)
                {
                    AssertAlike(await plain.AskAsync(requests[i]), answers[i], model.Spec == TinyModel.Int4 ? 0 : LogitTolerance);
                }

                await drafting.UnloadAsync("none");
                Assert.Equal(0, drafting.Statistics.ActiveSlots);
                Interlocked.Add(ref drafted, drafting.Statistics.DraftedTokens);
                Interlocked.Add(ref accepted, drafting.Statistics.AcceptedTokens);
                return true;
            },
            iter: 60,
            threads: 1);

        // Both ends of a draft were met: tokens kept, tokens taken back.
        Assert.True(accepted > 100, $"{accepted} of {drafted}");
        Assert.True(drafted - accepted > 100, $"{accepted} of {drafted}");
    }

    [Fact]
    public async Task Drafts_InAnswersHeldToASchema_AreDrawn()
    {
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery, drafts: 8);

        await engine.AskAsync(Answers.Greedy([5, 6, 7], 200) with { Format = FormatOf("""{"type":"array","minItems":30,"items":{"enum":["left","right"]}}"""), StopTokens = null });

        Assert.InRange(engine.Statistics.AcceptedTokens, 100, engine.Statistics.GeneratedTokens);
    }

    [Fact]
    public async Task Drafts_OfTextThatRepeats_SaveMostSteps()
    {
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery, drafts: 8);
        var request = Answers.Greedy([5, 6, 7], 200) with { Sampling = new SamplingOptions { Temperature = 0, LogitBias = new Dictionary<int, float> { [9] = 100 } } };

        await engine.AskAsync(request);

        Assert.Equal(200, engine.Statistics.GeneratedTokens);
        Assert.InRange(engine.Statistics.Steps, 20, 60);
    }

    [Fact]
    public async Task Drafts_NeverDrawn_AreSoonGivenUp()
    {
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery, drafts: 8);
        int[] prompt = [.. Enumerable.Repeat(new[] { 40, 41, 42 }, 20).SelectMany(part => part)];

        // Every token of the answer is one that the prompt goes on from elsewhere: 41 follows 40 always, here it never does.
        var request = Answers.Greedy(prompt, 200) with { Sampling = new SamplingOptions { Temperature = 5, Seed = 1 } };
        await engine.AskAsync(request);

        Assert.InRange(engine.Statistics.DraftedTokens, 0, 60);
    }

    private static OutputFormat FormatOf(string schema)
    {
        List<SchemaViolation> violations = [];
        using var document = JsonDocument.Parse(schema);
        var format = Formats.OfSchema(document.RootElement, violations);
        Assert.Empty(violations);
        return format!;
    }

    private static void AssertAlike(Answer expected, Answer actual, double tolerance)
    {
        foreach ((int choice, var end) in expected.Ends)
        {
            Assert.Equal(expected.Tokens(choice), actual.Tokens(choice));
            Assert.Equal(expected.Text(choice), actual.Text(choice));
            Assert.Equal((end.Reason, end.StopString), (actual.Ends[choice].Reason, actual.Ends[choice].StopString));
            var pairs = expected.Choices.TryGetValue(choice, out var tokens) ? tokens.Zip(actual.Choices[choice]) : [];
            Assert.All(pairs, pair => Assert.Equal(pair.First.LogProbability!.Value, pair.Second.LogProbability!.Value, tolerance));
        }

        Assert.Equal(expected.Finished!.Usage.CompletionTokens, actual.Finished!.Usage.CompletionTokens);
    }
}
