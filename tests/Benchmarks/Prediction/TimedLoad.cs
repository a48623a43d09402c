using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>Streaming chat requests, timed as their client sees them.</summary>
internal sealed class TimedLoad(HttpClient http)
{
    private const string EventPrefix = "data: ";

    /// <summary>More than the calls after which the runtime compiles a method as it stays.</summary>
    private const int WarmUpRequests = 100;

    /// <summary>Prompts of the sweep through the vocabulary: every so many tokens, so many at a time.</summary>
    private const int TouchingStride = 16;
    private const int TouchingTokens = 250;

    private int _request;

    /// <summary>One answered request.</summary>
    /// <param name="PromptTokens">Tokens of the whole prompt.</param>
    /// <param name="CachedTokens">Of these, found in the cache.</param>
    /// <param name="FirstToken">From sending to the first text.</param>
    /// <param name="Answer">From sending to the last text.</param>
    /// <param name="PerToken">Mean time between the tokens after the first.</param>
    public sealed record Sample(int PromptTokens, int CachedTokens, TimeSpan FirstToken, TimeSpan Answer, TimeSpan PerToken);

    /// <summary>Requests at given times, in seconds from now; the first <paramref name="uncounted"/> are left out.</summary>
    public async Task<IReadOnlyList<Sample>> RunAsync(IEnumerable<double> arrivals, int uncounted, CancellationToken cancellationToken)
    {
        List<Task<Sample>> inFlight = [];
        long start = Stopwatch.GetTimestamp();
        foreach (double due in arrivals)
        {
            var wait = TimeSpan.FromSeconds(due) - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, cancellationToken);
            }

            inFlight.Add(AskAsync(cancellationToken));
        }

        return [.. (await Task.WhenAll(inFlight)).Skip(uncounted)];
    }

    /// <summary>Asks so many questions at once, again and again: all prompts of a wave come before all of its answers, which take their steps together.</summary>
    public async Task<IReadOnlyList<Sample>> RunWavesAsync(int waves, int atOnce, CancellationToken cancellationToken)
    {
        List<Sample> samples = [];
        for (int wave = 0; wave < waves; wave++)
        {
            samples.AddRange(await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => AskAsync(cancellationToken))));
        }

        return samples;
    }

    /// <summary>Asks for short answers, one after the other, until the server's code is compiled as it stays.</summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        for (int i = 0; i < WarmUpRequests; i++)
        {
            await AskAsync(cancellationToken, outputTokens: 4);
        }
    }

    public async Task<Sample> AskAsync(CancellationToken cancellationToken, int outputTokens = ServedStrategy.OutputTokens)
    {
        long start = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(Body(Interlocked.Increment(ref _request), outputTokens)),
        };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        (long first, long last, int pieces) = (0, 0, 0);
        string final = "";
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            // The client shares the server's processors: it parses no more than it must.
            final = line.Contains("\"usage\":{", StringComparison.Ordinal) ? line[EventPrefix.Length..] : final;
            if (line.Contains("\"content\":\"", StringComparison.Ordinal) && !line.Contains("\"content\":\"\"", StringComparison.Ordinal))
            {
                last = Stopwatch.GetTimestamp();
                first = pieces++ == 0 ? last : first;
            }
        }

        var usage = JsonNode.Parse(final)!["usage"]!;
        return new Sample(
            (int)usage["prompt_tokens"]!,
            (int)usage["prompt_tokens_details"]!["cached_tokens"]!,
            Stopwatch.GetElapsedTime(start, first),
            Stopwatch.GetElapsedTime(start, last),
            Stopwatch.GetElapsedTime(first, last) / Math.Max(pieces - 1, 1));
    }

    /// <summary>Has the server read every part of the embedding table, whose pages are taken when first read.</summary>
    public async Task TouchVocabularyAsync(int vocabulary, CancellationToken cancellationToken)
    {
        foreach (int[] tokens in Enumerable.Range(0, vocabulary / TouchingStride).Select(token => token * TouchingStride).Chunk(TouchingTokens))
        {
            var body = new JsonObject { ["model"] = "model-a", ["max_tokens"] = 1, ["prompt"] = new JsonArray([.. tokens.Select(token => (JsonNode)token)]) };
            using var response = await http.PostAsJsonAsync("/v1/completions", body, cancellationToken);
            response.EnsureSuccessStatusCode();
        }
    }

    private static JsonObject Body(int number, int outputTokens) => new()
    {
        ["model"] = "model-a",
        ["max_tokens"] = outputTokens,
        ["stream"] = true,
        ["stream_options"] = new JsonObject { ["include_usage"] = true },
        ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = ServedStrategy.Prompt(number) }),
    };
}
