using Leanserve.Onnx.Tests.Support;

namespace Leanserve.Onnx.Tests;

/// <summary>What each step computes while long prompts, short prompts and answers compete.</summary>
public sealed class EngineFairnessTests
{
    private const int Chunk = 16;
    private const int LongPrompt = 400;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Engine_LongPromptArrives_AnswersGoOnAtEveryStep()
    {
        var recorder = new RecordingRunner(TinyModel.Runner(TinyModel.GroupedQuery));
        await using var engine = TinyModel.Engine(recorder, TinyModel.GroupedQuery, chunk: Chunk);
        var arrived = new TaskCompletionSource();
        var answering = Task.Run(
            async () =>
            {
                await foreach (var _ in engine.GenerateAsync(Answers.Greedy([1, 2, 3], 200), Cancellation))
                {
                    arrived.TrySetResult();
                }
            },
            Cancellation);
        await arrived.Task;
        await engine.AskAsync(Answers.Greedy(new int[LongPrompt], 1));
        await answering;

        // Position 0 of the long prompt to its last: every one of these steps also holds a token of the running answer.
        var prefill = recorder.Steps.Where(step => step.Count > 1 && step.Any(entry => entry.Token == 0)).ToList();
        Assert.InRange(prefill.Count, LongPrompt / Chunk, (LongPrompt / Chunk) + 1);
        Assert.All(prefill, step => Assert.InRange(step.Count, 2, Chunk + 1));
    }

    [Fact]
    public async Task Engine_ShortPromptBehindLongOnes_IsComputedLongBeforeTheyAre()
    {
        var recorder = new RecordingRunner(TinyModel.Runner(TinyModel.GroupedQuery, slots: 2048));
        await using var engine = TinyModel.Engine(recorder, TinyModel.GroupedQuery, slots: 2048, chunk: Chunk);
        var longOnes = Enumerable.Range(1, 3).Select(token => engine.AskAsync(Answers.Greedy([.. Enumerable.Repeat(token, LongPrompt)], 1))).ToList();
        var shortOne = engine.AskAsync(Answers.Greedy([9, 10, 11, 12], 1));
        await Task.WhenAll(longOnes);
        await shortOne;

        int StepOf(int token, int position) => recorder.Steps.TakeWhile(step => !step.Contains((token, position))).Count();
        int waited = StepOf(12, 3) - StepOf(9, 0);

        // Four tokens at a share of a quarter of the chunk.
        Assert.InRange(waited, 0, 4);
        Assert.All(Enumerable.Range(1, 3), token => Assert.True(StepOf(token, LongPrompt - 1) > StepOf(12, 3)));
        Assert.All(recorder.Steps, step => Assert.InRange(step.Count, 1, Chunk + 4));
    }

    [Fact]
    public async Task Engine_EqualPromptsAtOnce_FinishWithinAFewStepsOfEachOther()
    {
        var recorder = new RecordingRunner(TinyModel.Runner(TinyModel.GroupedQuery, slots: 2048));
        await using var engine = TinyModel.Engine(recorder, TinyModel.GroupedQuery, slots: 2048, chunk: Chunk);
        await Task.WhenAll(Enumerable.Range(1, 4).Select(token => engine.AskAsync(Answers.Greedy([.. Enumerable.Repeat(token, 300)], 1))));

        var ends = Enumerable.Range(1, 4).Select(token => recorder.Steps.TakeWhile(step => !step.Contains((token, 299))).Count()).ToList();
        Assert.InRange(ends.Max() - ends.Min(), 0, 8);
    }
}
