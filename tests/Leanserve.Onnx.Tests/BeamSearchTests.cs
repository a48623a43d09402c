using CsCheck;
using Leanserve.Engine;
using Leanserve.Onnx.Tests.Support;

namespace Leanserve.Onnx.Tests;

public sealed class BeamSearchTests
{
    private static readonly HashSet<int> EndTokens = [.. Enumerable.Range(0, 12)];

    [Fact]
    public async Task BeamSearch_OnTheTree_EqualsBruteForce() =>
        await Gen.Select(
            Gen.OneOfConst([.. TinyModel.AllSpecs]), Gen.ULong[1, 3], Gen.Int[1, 6], Gen.OneOfConst(0.0, 0.7, 1.0, 1.5), Gen.Bool, Gen.Int[12, 287].Array[1, 20])
            .SampleAsync(
                async (spec, seed, width, penalty, early, prompt) =>
                {
                    var options = new BeamSearchOptions { Width = width, LengthPenalty = penalty, EarlyStopping = early, Return = width };
                    await using var engine = TinyModel.Engine(spec, seed);
                    var answer = await engine.AskAsync(new GenerationRequest
                    {
                        PromptTokens = prompt,
                        MaxTokens = 12,
                        Beam = options,
                        StopTokens = EndTokens,
                    });
                    var expected = BruteForceBeamSearch.Run(spec, seed, prompt, options, 12, EndTokens);
                    Assert.Equal(expected.Count, answer.Ends.Count);
                    for (int rank = 0; rank < expected.Count; rank++)
                    {
                        Assert.Equal(expected[rank].Score, answer.Ends[rank].Score!.Value, 1e-3);
                    }

                    if (expected.Count == 1 || expected[0].Score - expected[1].Score > 1e-3)
                    {
                        Assert.Equal(expected[0].Tokens.Where(token => !EndTokens.Contains(token)), answer.Tokens());
                    }

                    // Hypotheses are scratch: nothing of them stays but the prompt.
                    Assert.Equal(prompt.Length, engine.Statistics.CachedSlots);
                    return true;
                },
                iter: 24,
                threads: 1);

    [Fact]
    public async Task BeamSearch_AmongSampledRequests_KeepsItsScore()
    {
        int[] prompt = [40, 41, 42, 43];
        var beam = new GenerationRequest
        {
            PromptTokens = prompt,
            MaxTokens = 20,
            Beam = new BeamSearchOptions { Width = 4 },
            StopTokens = new HashSet<int>(),
        };
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery);
        double alone = (await engine.AskAsync(beam)).Ends[0].Score!.Value;
        var others = Enumerable.Range(0, 6).Select(i => engine.AskAsync(Answers.Sampled([i, 40, 41], 20 + i, 7))).ToList();
        double among = (await engine.AskAsync(beam)).Ends[0].Score!.Value;
        await Task.WhenAll(others);
        Assert.Equal(alone, among);
    }
}
