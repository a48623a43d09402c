using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Leanserve.Cli.Streaming;

namespace Leanserve.Cli.Bench;

/// <summary>Sends the load and collects what it measured.</summary>
public sealed class LoadRun(HttpClient http, LoadOptions options, TimeProvider time)
{
    private readonly StreamingClient client = new(http, options.Endpoint, options.ApiKey, time);
    private readonly ConcurrentQueue<RequestSample> samples = new();
    private int sent;

    /// <summary>Requests sent and answered so far.</summary>
    public (int Sent, int Answered) Progress => (Volatile.Read(ref sent), samples.Count);

    /// <summary>Runs to the end, or until cancelled: then the report holds what was answered until then.</summary>
    /// <exception cref="HttpRequestException">The server does not answer at all.</exception>
    public async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        var model = options.Model ?? await client.FirstModelAsync(cancellationToken).ConfigureAwait(false);
        var start = time.GetTimestamp();
        var complete = true;
        try
        {
            await (options.Pattern switch
            {
                LoadPattern.Poisson open => RunOpenAsync(model, open.RequestsPerSecond, start, cancellationToken),
                LoadPattern.Closed closed => Task.WhenAll(Enumerable.Range(0, closed.Users).Select(_ => RunUserAsync(model, start, cancellationToken))),
                _ => throw new ArgumentException($"{options.Pattern} is no pattern of load."),
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            complete = false;
        }

        return BenchReport.Of(options, model, samples, time.GetElapsedTime(start), complete);
    }

    private async Task RunOpenAsync(string model, double rate, long start, CancellationToken cancellationToken)
    {
        var random = new Random(options.Seed);
        var inFlight = new List<Task>();
        var offset = TimeSpan.Zero;
        while (TryTake(start) is { } request)
        {
            var wait = offset - time.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }

            var due = start + (long)(offset.TotalSeconds * time.TimestampFrequency);
            inFlight.Add(SendAsync(model, request, due, cancellationToken));
            // Gaps of a Poisson process are exponential.
            offset += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / rate);
        }

        await Task.WhenAll(inFlight).ConfigureAwait(false);
    }

    private async Task RunUserAsync(string model, long start, CancellationToken cancellationToken)
    {
        while (TryTake(start) is { } request)
        {
            await SendAsync(model, request, time.GetTimestamp(), cancellationToken).ConfigureAwait(false);
        }
    }

    private int? TryTake(long start)
    {
        var isOver = options.Duration is { } duration && time.GetElapsedTime(start) >= duration;
        var request = isOver ? options.Requests : Interlocked.Increment(ref sent) - 1;
        if (request < options.Requests)
        {
            return request;
        }

        if (!isOver)
        {
            Interlocked.Decrement(ref sent);
        }

        return null;
    }

    private async Task SendAsync(string model, int request, long due, CancellationToken cancellationToken) =>
        samples.Enqueue(await client.SendAsync(
            options.Chat ? "chat/completions" : "completions", Body(model, options.Prompts.Prompt(request)), due, cancellationToken).ConfigureAwait(false));

    private JsonObject Body(string model, string prompt)
    {
        var body = new JsonObject { ["model"] = model, ["max_tokens"] = options.MaxTokens, ["seed"] = options.Seed };
        if (options.Chat)
        {
            body["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt });
        }
        else
        {
            body["prompt"] = prompt;
        }

        return body;
    }
}
