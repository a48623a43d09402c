using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Leanserve.Contracts;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>Streaming chat requests that arrive by a Poisson process.</summary>
internal sealed class TimedLoad(HttpClient http, DecodingMode decoding)
{
    private const string EventPrefix = "data: ";

    private const int WarmUpRequests = 20;

    private int _request;

    /// <summary>One answered request.</summary>
    /// <param name="PromptTokens">Tokens of the whole prompt.</param>
    /// <param name="CachedTokens">Of these, found in the cache.</param>
    /// <param name="FirstToken">From sending to the first text.</param>
    /// <param name="PerToken">Mean time between the tokens after the first.</param>
    public sealed record Sample(int PromptTokens, int CachedTokens, TimeSpan FirstToken, TimeSpan PerToken);

    public async Task<IReadOnlyList<Sample>> RunAsync(double requestsPerSecond, TimeSpan duration, CancellationToken cancellationToken)
    {
        var random = new Random(7);
        List<Task<Sample>> inFlight = [];
        long start = Stopwatch.GetTimestamp();
        for (var due = TimeSpan.Zero; due < duration; due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / requestsPerSecond))
        {
            var wait = due - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
            }

            inFlight.Add(AskAsync(cancellationToken));
        }

        return await Task.WhenAll(inFlight);
    }

    /// <summary>Asks one question after the other, until the server's code is compiled as it stays.</summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        for (int i = 0; i < WarmUpRequests; i++)
        {
            await AskAsync(cancellationToken);
        }
    }

    public async Task<Sample> AskAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(Body(Interlocked.Increment(ref _request))) };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        (long first, long last, int pieces) = (0, 0, 0);
        JsonNode? final = null;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith(EventPrefix, StringComparison.Ordinal) || line == "data: [DONE]")
            {
                continue;
            }

            var chunk = JsonNode.Parse(line[EventPrefix.Length..])!;
            final = chunk["usage"] is null ? final : chunk;
            if (chunk["choices"] is JsonArray { Count: > 0 } choices && !string.IsNullOrEmpty((string?)choices[0]!["delta"]?["content"]))
            {
                last = Stopwatch.GetTimestamp();
                first = pieces++ == 0 ? last : first;
            }
        }

        var usage = final!["usage"]!;
        var timings = final["leanserve"]!["timings"]!;
        // A search shows its text at the end only: the server's clock tells how fast tokens were computed.
        return new Sample(
            (int)usage["prompt_tokens"]!,
            (int)usage["prompt_tokens_details"]!["cached_tokens"]!,
            Stopwatch.GetElapsedTime(start, first),
            decoding is DecodingMode.BeamSearch ? TimeSpan.FromMilliseconds((double)timings["per_token_ms"]!) : Stopwatch.GetElapsedTime(first, last) / Math.Max(pieces - 1, 1));
    }

    private static JsonObject Body(int number) => new()
    {
        ["model"] = "model-a",
        ["max_tokens"] = ServedStrategy.OutputTokens,
        ["stream"] = true,
        ["stream_options"] = new JsonObject { ["include_usage"] = true },
        ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = ServedStrategy.Prompt(number) }),
    };
}
