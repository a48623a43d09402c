using CsCheck;
using Leanserve.Engine;
using Leanserve.Onnx.Tests.Support;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Tests;

/// <summary>Under any traffic, whatever the engine was told to do, each answer is that of its request alone in a fresh engine.</summary>
public sealed class EngineTrafficTests
{
    private const double LogitTolerance = 1e-4;

    private static readonly Gen<(DecoderSpec Spec, ulong Seed)> Model =
        Gen.Select(Gen.OneOfConst([.. TinyModel.AllSpecs]), Gen.ULong[1, 3], (spec, seed) => (spec, seed));

    [Fact]
    public Task Traffic_WithOrWithoutPrefixReuse_AnswersLikeAlone() =>
        Gen.Select(Model, Traffic.Arrivals, Gen.Bool).SampleAsync(
            async (model, arrivals, reuse) => await AnswersLikeAloneAsync(model, arrivals, TinyModel.Engine(model.Spec, model.Seed, reuse: reuse)),
            iter: 20,
            threads: 1);

    [Fact]
    public Task Traffic_WithPromptsCutIntoChunks_AnswersLikeAlone() =>
        Gen.Select(Model, Traffic.Arrivals, Gen.Int[1, 24]).SampleAsync(
            async (model, arrivals, chunk) => await AnswersLikeAloneAsync(model, arrivals, TinyModel.Engine(model.Spec, model.Seed, chunk: chunk)),
            iter: 20,
            threads: 1);

    [Fact]
    public Task Traffic_WithTooFewSlots_AnswersLikeAlone() =>
        Gen.Select(Model, Traffic.Arrivals).SampleAsync(
            async (model, arrivals) => await AnswersLikeAloneAsync(model, arrivals, TinyModel.Engine(model.Spec, model.Seed, slots: 260, chunk: 20)),
            iter: 20,
            threads: 1);

    private static async Task<bool> AnswersLikeAloneAsync((DecoderSpec Spec, ulong Seed) model, Arrival[] arrivals, InferenceEngine engine)
    {
        await using var busy = engine;
        var answers = await Traffic.RunAsync(busy, arrivals);
        await using var alone = TinyModel.Engine(model.Spec, model.Seed, reuse: false, chunk: 512);

        // Our 4-bit products of a row do not depend on the rows beside it.
        double tolerance = model.Spec == TinyModel.Int4 ? 0 : LogitTolerance;
        for (int i = 0; i < arrivals.Length; i++)
        {
            if (answers[i] is { } answer)
            {
                AssertAlike(await alone.AskAsync(arrivals[i].Request), answer, tolerance);
            }
        }

        return true;
    }

    private static void AssertAlike(Answer expected, Answer actual, double tolerance)
    {
        Assert.Equal(expected.Ends.Keys, actual.Ends.Keys);
        foreach ((int choice, var end) in expected.Ends)
        {
            Assert.Equal(expected.Tokens(choice), actual.Tokens(choice));
            Assert.Equal(expected.Text(choice), actual.Text(choice));
            Assert.Equal(end.Reason, actual.Ends[choice].Reason);
            Assert.Equal(end.Score ?? 0, actual.Ends[choice].Score ?? 0, tolerance);
            var pairs = expected.Choices.TryGetValue(choice, out var tokens) ? tokens.Zip(actual.Choices[choice]) : [];
            Assert.All(pairs, pair => Assert.Equal(pair.First.LogProbability ?? 0, pair.Second.LogProbability ?? 0, tolerance));
        }
    }
}
