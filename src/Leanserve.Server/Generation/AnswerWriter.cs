using System.Text.Json;
using Leanserve.Engine;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Generation;

/// <summary>Turns the engine's events into one JSON body or a stream of server-sent events.</summary>
internal sealed class AnswerWriter(IAnswerShape shape, AnswerHeader header, HttpResponse response, TimeProvider time)
{
    private readonly SortedDictionary<int, ChoiceText> choices = [];
    private bool hasSentChunk;

    /// <summary>When the first byte was written.</summary>
    public DateTimeOffset Began { get; private set; }

    /// <summary>Time spent on writing, the client's own slowness included.</summary>
    public TimeSpan Writing { get; private set; }

    private bool WithLogprobs => header.Prepared.Parameters.TopLogProbabilities is not null;

    /// <summary>Answers in one body once all choices are complete.</summary>
    public async Task<GenerationFinished?> WriteWholeAsync(IAsyncEnumerable<GenerationEvent> events, CancellationToken cancellationToken)
    {
        GenerationFinished? finished = null;
        await foreach (var next in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Note(next);
            finished = next as GenerationFinished ?? finished;
        }

        var start = BeginWriting();
        var body = header.Body(shape.WholeObject, [.. choices.Values.Select(Whole)]) with
        {
            Usage = finished is null ? null : AnswerHeader.Usage(finished.Usage),
            Leanserve = header.Leanserve(finished?.Timings),
        };
        await response.WriteAsJsonAsync(body, OpenAiJson.Options, cancellationToken).ConfigureAwait(false);
        Writing += time.GetElapsedTime(start);
        return finished;
    }

    /// <summary>Answers token by token. The status line is sent with the first event, so that a refusal can still have its own.</summary>
    public async Task<GenerationFinished?> WriteStreamAsync(IAsyncEnumerable<GenerationEvent> events, CancellationToken cancellationToken)
    {
        GenerationFinished? finished = null;
        await foreach (var next in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Start();
            var start = BeginWriting();
            foreach (var body in Chunks(next))
            {
                await SendAsync(body, cancellationToken).ConfigureAwait(false);
            }

            Note(next);
            finished = next as GenerationFinished ?? finished;
            await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
            Writing += time.GetElapsedTime(start);
        }

        await response.WriteAsync("data: [DONE]\n\n", cancellationToken).ConfigureAwait(false);
        return finished;
    }

    private long BeginWriting()
    {
        Began = Began == default ? time.GetUtcNow() : Began;
        return time.GetTimestamp();
    }

    private IEnumerable<CompletionBody> Chunks(GenerationEvent next)
    {
        if (Index(next) is { } index && !choices.ContainsKey(index) && shape.Opening(index) is { } opening)
        {
            yield return Chunk(opening);
        }

        switch (next)
        {
            case TokenGenerated token when token.Text.Length > 0 || WithLogprobs:
                yield return Chunk(shape.Chunk(token.Choice, token.Text, LengthOf(token.Choice), WithLogprobs ? token : null));
                break;
            case ChoiceFinished finished:
                var last = shape.Chunk(finished.Choice, finished.Text, LengthOf(finished.Choice), null);
                yield return Chunk(last with { FinishReason = AnswerHeader.Finish(finished.Reason), Score = finished.Score });
                break;
            case GenerationFinished finished when header.Prepared.Parameters.IncludeUsage:
                yield return header.Body(shape.ChunkObject, []) with
                {
                    Usage = AnswerHeader.Usage(finished.Usage),
                    Leanserve = header.Leanserve(finished.Timings),
                };
                break;
        }
    }

    private CompletionBody Chunk(ChoiceBody choice)
    {
        var chunk = header.Body(shape.ChunkObject, [choice]) with { Leanserve = hasSentChunk ? null : header.Leanserve() };
        hasSentChunk = true;
        return chunk;
    }

    private ChoiceBody Whole(ChoiceText choice) => shape.Whole(choice, WithLogprobs) with
    {
        FinishReason = choice.FinishReason is { } reason ? AnswerHeader.Finish(reason) : null,
        Score = choice.Score,
    };

    private void Note(GenerationEvent next)
    {
        if (Index(next) is not { } index)
        {
            return;
        }

        if (!choices.TryGetValue(index, out var choice))
        {
            choices[index] = choice = new ChoiceText(index);
        }

        switch (next)
        {
            case TokenGenerated token:
                choice.Add(token);
                break;
            case ChoiceFinished finished:
                choice.Finish(finished);
                break;
        }
    }

    private int LengthOf(int index) => choices.TryGetValue(index, out var choice) ? choice.Length : 0;

    private static int? Index(GenerationEvent next) => next switch
    {
        TokenGenerated token => token.Choice,
        ChoiceFinished finished => finished.Choice,
        _ => null,
    };

    private void Start()
    {
        if (!response.HasStarted)
        {
            response.ContentType = "text/event-stream; charset=utf-8";
            response.Headers.CacheControl = "no-cache";
            // Proxies that buffer would turn a stream into one late answer.
            response.Headers["X-Accel-Buffering"] = "no";
        }
    }

    private async Task SendAsync(CompletionBody body, CancellationToken cancellationToken)
    {
        await response.WriteAsync("data: ", cancellationToken).ConfigureAwait(false);
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, OpenAiJson.Options), cancellationToken).ConfigureAwait(false);
        await response.WriteAsync("\n\n", cancellationToken).ConfigureAwait(false);
    }
}
