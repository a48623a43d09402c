using Leanserve.Engine;
using Leanserve.Onnx.Tests.Support;

namespace Leanserve.Onnx.Tests;

public sealed class EngineBehaviorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Engine_PromptsThatAreBeginningsOfOneAnother_AllAnswer()
    {
        int[] longest = [.. Enumerable.Range(30, 8)];
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery, chunk: 8);
        foreach (int first in Enumerable.Range(0, 20))
        {
            var prompts = Enumerable.Range(1, longest.Length).Select(length => (int[])[first, .. longest[..length]]).ToList();
            var answers = await Task.WhenAll(prompts.Select(prompt => engine.AskAsync(Answers.Greedy(prompt, 4)))).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            Assert.All(prompts.Zip(answers), pair => Assert.Equal(LinearDecoder.Greedy(TinyModel.GroupedQuery, pair.First, 4), pair.Second.Tokens()));
        }
    }

    [Fact]
    public async Task Engine_LogitsThatAreNoNumbers_FailTheirRequestAlone()
    {
        const int Overflowing = 99;
        int[] prompt = [11, 12, 13];
        var runner = new OverflowingRunner(TinyModel.Runner(TinyModel.GroupedQuery), Overflowing);
        await using var engine = TinyModel.Engine(runner, TinyModel.GroupedQuery);
        var beam = Answers.Greedy([.. prompt, Overflowing], 24) with { Beam = new BeamSearchOptions { Width = 3 } };
        var good = engine.AskAsync(Answers.Greedy(prompt, 24));
        foreach (var request in new[] { Answers.Greedy([.. prompt, Overflowing], 24), Answers.Sampled([21, Overflowing], 24, 1) with { Choices = 3 }, beam })
        {
            var exception = await Assert.ThrowsAsync<InvalidDataException>(() => engine.AskAsync(request));
            Assert.Contains("not numbers", exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal(LinearDecoder.Greedy(TinyModel.GroupedQuery, prompt, 24), (await good).Tokens());
        Assert.Equal(0, engine.Statistics.RunningRequests);
        Assert.Equal(0, engine.Statistics.ActiveSlots);
    }

    [Fact]
    public async Task Engine_SeveralChoices_AreIndependentAndRepeatable()
    {
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery);
        var request = Answers.Sampled([5, 6, 7], 12, seed: 9) with { Choices = 3 };
        var first = await engine.AskAsync(request);
        var second = await engine.AskAsync(request);
        Assert.Equal([0, 1, 2], first.Ends.Keys);
        Assert.All(first.Ends.Keys, choice => Assert.Equal(first.Tokens(choice), second.Tokens(choice)));
        Assert.NotEqual(first.Tokens(0), first.Tokens(1));
        Assert.Equal((await engine.AskAsync(request with { Choices = 1 })).Tokens(), first.Tokens(0));
    }

    [Fact]
    public async Task Engine_CancelledRequest_FreesItsSlotsAtOnce()
    {
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery, reuse: false);
        await foreach (var _ in engine.GenerateAsync(Answers.Greedy([1, 2, 3], 400), Cancellation))
        {
            break;
        }

        // The next answer comes after the cancellation in the engine's queue.
        await engine.AskAsync(Answers.Greedy([4], 1));
        Assert.Equal(0, engine.Statistics.ActiveSlots);
        Assert.Equal(1, engine.Statistics.CancelledRequests);
    }

    [Fact]
    public async Task Engine_Idle_HasNoActiveSlots()
    {
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery);
        await engine.PreloadAsync("docs", Enumerable.Range(0, 40).ToArray(), Cancellation);
        await engine.AskAsync(Answers.Greedy([.. Enumerable.Range(0, 40), 1, 2, 3], 5));

        // The engine has ended its step by the time it takes the next command.
        await engine.UnloadAsync("none");
        Assert.Equal(0, engine.Statistics.ActiveSlots);
        Assert.Equal(40, engine.Statistics.PreloadedSlots);
        Assert.Equal(3 + 4, engine.Statistics.CachedSlots);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Engine_CancelledRequest_GivesAllItsSlotsToTheNextOne(bool reuse)
    {
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery, slots: 500, reuse: reuse);
        await foreach (var _ in engine.GenerateAsync(Answers.Greedy([1, 2, 3], 400), Cancellation))
        {
            break;
        }

        await engine.UnloadAsync("none");
        Assert.Equal((0, 0), (engine.Statistics.ActiveSlots, engine.Statistics.RunningRequests));
        // So many fit beside nothing else only.
        Assert.Equal(490, (await engine.AskAsync(Answers.Greedy([4], 490))).Tokens().Length);
    }

    [Fact]
    public async Task Engine_QueueFull_ThrowsBusyWithRetryHint()
    {
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery, slots: 1200, concurrent: 1);
        var running = Enumerable.Range(0, 65).Select(_ => engine.AskAsync(Answers.Greedy([1, 2, 3], 100))).ToList();
        var busy = await Assert.ThrowsAsync<EngineBusyException>(() => engine.AskAsync(Answers.Greedy([1], 1)));
        Assert.True(busy.RetryAfter >= TimeSpan.FromSeconds(1));
        await Task.WhenAll(running);
        Assert.Equal(1, engine.Statistics.RejectedRequests);
    }

    [Fact]
    public async Task Engine_RequestsOutsideTheRules_AreRefusedWithEveryReason()
    {
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery, slots: 300);
        var refused = await Assert.ThrowsAsync<RequestRefusedException>(() => engine.AskAsync(new GenerationRequest
        {
            PromptTokens = [1, 2],
            MaxTokens = 600,
            Sampling = new SamplingOptions { Temperature = -1, TopP = 0 },
        }));
        Assert.Contains("context of 512", refused.Message, StringComparison.Ordinal);
        Assert.Contains("KV slots of 300", refused.Message, StringComparison.Ordinal);
        Assert.Contains("temperature is -1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("top_p is 0", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_DocumentsBeyondTheSlots_AreRefused()
    {
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery, slots: 100);
        var refused = await Assert.ThrowsAsync<RequestRefusedException>(() => engine.PreloadAsync("docs", new int[150], Cancellation));
        Assert.Contains("take 150 tokens", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_DocumentsLeaveNoRoom_RequestIsRefusedNotStuck()
    {
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery, slots: 200);
        await engine.PreloadAsync("docs", new int[150], Cancellation);
        var refused = await Assert.ThrowsAsync<RequestRefusedException>(() => engine.AskAsync(Answers.Greedy([1, 2, 3], 100)));
        Assert.Contains("preloaded documents hold 150", refused.Message, StringComparison.Ordinal);
        await engine.UnloadAsync("docs");
        Assert.Equal(100, (await engine.AskAsync(Answers.Greedy([1, 2, 3], 100))).Tokens().Length);
    }

    [Fact]
    public async Task Engine_PreloadOfKnownName_ReplacesIt()
    {
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery, reuse: false);
        await engine.PreloadAsync("docs", new int[100], Cancellation);
        await engine.PreloadAsync("docs", Enumerable.Range(0, 40).ToArray(), Cancellation);
        Assert.Equal(40, engine.Statistics.PreloadedSlots);
    }

    [Fact]
    public async Task Engine_PreloadWhileRequestsHoldTheSlots_WaitsForThem()
    {
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery, slots: 300);
        var running = engine.AskAsync(Answers.Greedy([1, 2, 3], 200));
        var preload = engine.PreloadAsync("docs", Enumerable.Range(0, 150).ToArray(), Cancellation);
        Assert.Equal(200, (await running).Tokens().Length);
        await preload;
        Assert.Equal(150, engine.Statistics.PreloadedSlots);
    }

    [Fact]
    public async Task Engine_StopString_EndsTheAnswerBeforeIt()
    {
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery);
        var plain = await engine.AskAsync(Answers.Sampled([1, 2, 3], 60, seed: 3));
        string text = plain.Text();
        string stop = text.Substring(text.Length / 2, 2);
        var stopped = await engine.AskAsync(Answers.Sampled([1, 2, 3], 60, seed: 3) with { StopStrings = [stop] });
        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], stopped.Text());
        Assert.Equal(FinishReason.Stop, stopped.Ends[0].Reason);
        Assert.Equal(stop, stopped.Ends[0].StopString);
    }

    [Fact]
    public async Task Engine_LogProbabilities_AreNormalisedAndOrdered()
    {
        await using var engine = TinyModel.Engine(TinyModel.MultiHead);
        var answer = await engine.AskAsync(Answers.Greedy([1, 2, 3], 5) with { TopLogProbabilities = TinyModel.VocabularySize });
        foreach (var token in answer.Choices[0])
        {
            Assert.Equal(token.TopLogProbabilities![0].LogProbability, token.LogProbability!.Value, 1e-6);
            Assert.Equal(1, token.TopLogProbabilities.Sum(each => Math.Exp(each.LogProbability)), 1e-4);
        }
    }

    [Fact]
    public async Task Engine_Disposed_EndsRunningRequests()
    {
        var engine = TinyModel.Engine(TinyModel.GroupedQuery);
        var running = engine.AskAsync(Answers.Greedy([1, 2, 3], 500));
        await engine.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
