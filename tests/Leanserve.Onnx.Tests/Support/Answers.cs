using Leanserve.Engine;

namespace Leanserve.Onnx.Tests.Support;

/// <summary>Runs requests to their end.</summary>
internal static class Answers
{
    public static async Task<Answer> AskAsync(this InferenceEngine engine, GenerationRequest request)
    {
        var answer = new Answer();
        await foreach (var generationEvent in engine.GenerateAsync(request, TestContext.Current.CancellationToken))
        {
            answer.Take(generationEvent);
        }

        return answer;
    }

    public static GenerationRequest Greedy(IReadOnlyList<int> prompt, int maxTokens) => new()
    {
        PromptTokens = prompt,
        MaxTokens = maxTokens,
        Sampling = new SamplingOptions { Temperature = 0 },
        StopTokens = new HashSet<int>(),
    };

    public static GenerationRequest Sampled(IReadOnlyList<int> prompt, int maxTokens, ulong seed) => new()
    {
        PromptTokens = prompt,
        MaxTokens = maxTokens,
        Sampling = new SamplingOptions { Temperature = 1, Seed = seed },
        StopTokens = new HashSet<int>(),
    };
}
