using CsCheck;
using Leanserve.Engine;

namespace Leanserve.Onnx.Tests.Support;

/// <summary>One request of random traffic.</summary>
/// <param name="Request">What is asked.</param>
/// <param name="Gap">Tokens of the request before it after which this one arrives.</param>
/// <param name="CancelAfter">Tokens after which its client goes away; null for one that stays.</param>
internal sealed record Arrival(GenerationRequest Request, int Gap, int? CancelAfter);

/// <summary>Requests that arrive while others run and of which some go away midway, so that slots are freed, filled and moved all the time.</summary>
internal static class Traffic
{
    private const int MaxTokens = 24;

    private static readonly Gen<int[]> Tail = Gen.Int[0, TinyModel.VocabularySize - 1].Array[1, 50];

    /// <summary>Prompts of which many start alike; greedy, sampled with several choices, and searched.</summary>
    public static Gen<Arrival[]> Arrivals { get; } =
        from shared in Tail
        from arrivals in Gen.Select(
            Gen.Select(Gen.Bool, Tail), Gen.Int[0, 3], Gen.Int[1, MaxTokens], Gen.ULong[0, 1_000], Gen.Int[0, 6], Gen.Int[-12, 6],
            (prompt, kind, length, seed, gap, cancelAfter) => new Arrival(Request(prompt.Item1 ? [.. shared, .. prompt.Item2] : prompt.Item2, kind, length, seed), gap, cancelAfter > 0 ? cancelAfter : null))
            .Array[4, 12]
        select arrivals;

    /// <summary>Runs all of them side by side; null for one that was cancelled.</summary>
    public static async Task<Answer?[]> RunAsync(InferenceEngine engine, IReadOnlyList<Arrival> arrivals)
    {
        List<Task<Answer?>> answers = [];
        var next = Task.CompletedTask;
        foreach ((var arrival, int following) in arrivals.Select((arrival, i) => (arrival, i + 1 < arrivals.Count ? arrivals[i + 1].Gap : 0)))
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            answers.Add(RunAsync(engine, arrival, next, following, reached));
            next = reached.Task;
        }

        return await Task.WhenAll(answers);
    }

    private static async Task<Answer?> RunAsync(InferenceEngine engine, Arrival arrival, Task start, int following, TaskCompletionSource reached)
    {
        await start;
        var answer = new Answer();
        int tokens = 0;
        try
        {
            await foreach (var next in engine.GenerateAsync(arrival.Request, TestContext.Current.CancellationToken))
            {
                answer.Take(next);
                if (next is TokenGenerated && ++tokens == following)
                {
                    reached.TrySetResult();
                }

                if (tokens == arrival.CancelAfter)
                {
                    return null;
                }
            }

            return answer;
        }
        finally
        {
            reached.TrySetResult();
        }
    }

    private static GenerationRequest Request(int[] prompt, int kind, int length, ulong seed) => kind switch
    {
        0 => Answers.Greedy(prompt, length) with { TopLogProbabilities = 3 },
        1 => Answers.Greedy(prompt, length) with { StopTokens = null, Beam = new BeamSearchOptions { Width = 3, Return = 2 } },
        2 => Answers.Sampled(prompt, length, seed) with { Choices = 3 },
        _ => Answers.Sampled(prompt, length, seed) with { TopLogProbabilities = 3, StopTokens = null },
    };
}
