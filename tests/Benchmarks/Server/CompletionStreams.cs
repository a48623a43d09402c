using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Leanserve.Benchmarks.Server;

/// <summary>Concurrent streams of <c>/v1/completions</c> at any OpenAI-compatible server that takes prompts of token ids.</summary>
internal sealed class CompletionStreams(HttpClient http, int tokens)
{
    private const string EventPrefix = "data: ";

    /// <param name="TokensPerSecond">Of all streams together, from the first request sent to the last answer's end.</param>
    /// <param name="FirstTokenMilliseconds">The median stream's.</param>
    public sealed record Round(double TokensPerSecond, double FirstTokenMilliseconds);

    /// <summary>Sends all prompts at once.</summary>
    public async Task<Round> RunAsync(IEnumerable<int[]> prompts, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(prompts.Select(prompt => AskAsync(prompt, cancellationToken)));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Round(answers.Sum(answer => answer.Tokens) / seconds, Median.Of(answers.Select(answer => answer.FirstToken.TotalMilliseconds)));
    }

    private async Task<(int Tokens, TimeSpan FirstToken)> AskAsync(int[] prompt, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["model"] = "model-a",
            ["prompt"] = new JsonArray([.. prompt.Select(token => JsonValue.Create(token))]),
            ["max_tokens"] = tokens,
            ["temperature"] = 0,
            ["stream"] = true,
            ["stream_options"] = new JsonObject { ["include_usage"] = true },
        };
        long start = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions") { Content = JsonContent.Create(body) };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        TimeSpan? first = null;
        int completed = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith(EventPrefix, StringComparison.Ordinal) || line == "data: [DONE]")
            {
                continue;
            }

            var chunk = JsonNode.Parse(line[EventPrefix.Length..])!;
            first ??= chunk["choices"] is JsonArray { Count: > 0 } ? Stopwatch.GetElapsedTime(start) : null;
            completed = (int?)chunk["usage"]?["completion_tokens"] ?? completed;
        }

        return (completed, first ?? throw new InvalidOperationException($"{http.BaseAddress}: a stream ended without a token."));
    }
}
