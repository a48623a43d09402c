using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Leanserve.Cli.Eval.Questions;
using Leanserve.Cli.Eval.Scoring;
using Leanserve.Cli.Eval.Targets;
using Leanserve.Cli.Streaming;
using Leanserve.Contracts;

namespace Leanserve.Cli.Eval;

/// <summary>Asks every question under every strategy and decoding, scores the answers, and writes each down as it comes.</summary>
internal sealed class EvalRun(HttpClient http, EvalOptions options, IEvalTarget target, ResultLog log, TimeProvider time)
{
    private readonly Dictionary<IReadOnlyList<EvalDocument>, string> hashes = [];
    private int done;

    /// <summary>Answers had so far, those of an earlier run included.</summary>
    public int Done => Volatile.Read(ref done);

    /// <summary>Runs to the end, or until cancelled: then the log holds what was answered until then.</summary>
    /// <exception cref="HttpRequestException">The endpoint does not answer at all.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var strategy in options.Strategies)
        {
            foreach (var decoding in options.Decodings)
            {
                var questions = options.Questions.Select(question => Ask(strategy, decoding, question)).ToList();
                var open = questions.Where(asked => !log.Holds(asked.Blank.Key)).ToList();
                Interlocked.Add(ref done, questions.Count - open.Count);
                foreach (var group in open.GroupBy(asked => target.HoldsDocuments && strategy.Mode is not null ? Hash(asked.Question.Documents) : ""))
                {
                    await RunGroupAsync(strategy, decoding, [.. group], cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private Asked Ask(EvalStrategy strategy, EvalDecoding decoding, EvalQuestion question)
    {
        var identity = JsonSerializer.Serialize(new { strategy.Name, decoding = decoding.Name, question.Question, question.Answers, documents = Hash(question.Documents) });
        return new Asked(question, new EvalResult
        {
            Key = KnowledgeHash.Compute([("question", Encoding.UTF8.GetBytes(identity))]),
            Strategy = strategy.Name,
            Decoding = decoding.Name,
            Line = question.Line,
            Question = question.Question,
            Accepted = question.Answers,
        });
    }

    private string Hash(IReadOnlyList<EvalDocument> documents)
    {
        if (!hashes.TryGetValue(documents, out var hash))
        {
            hash = KnowledgeHash.Compute(documents.Select(document => (document.Name, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(document.Text))));
            hashes.Add(documents, hash);
        }

        return hash;
    }

    private async Task RunGroupAsync(EvalStrategy strategy, EvalDecoding decoding, IReadOnlyList<Asked> group, CancellationToken cancellationToken)
    {
        try
        {
            await using var endpoint = await target.OpenAsync(strategy, decoding, group[0].Question.Documents, cancellationToken).ConfigureAwait(false);
            var client = new StreamingClient(http, endpoint.Address, endpoint.ApiKey, time);
            var peak = new KvPeak(http, endpoint.Address);
            var model = options.Model ?? await client.FirstModelAsync(cancellationToken).ConfigureAwait(false);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(group, parallel, async (asked, token) =>
            {
                var sample = await client.SendAsync("chat/completions", Body(model, strategy, decoding, asked.Question), time.GetTimestamp(), token).ConfigureAwait(false);
                Add(Score(asked, sample) with { KvBytes = await peak.ReadAsync(token).ConfigureAwait(false) });
            }).ConfigureAwait(false);
        }
        catch (EvalTargetException exception)
        {
            foreach (var asked in group)
            {
                Add(asked.Blank with { Error = exception.Message });
            }
        }
    }

    private void Add(EvalResult result)
    {
        log.Add(result);
        Interlocked.Increment(ref done);
    }

    private JsonObject Body(string model, EvalStrategy strategy, EvalDecoding decoding, EvalQuestion question)
    {
        var messages = new JsonArray();
        if (!target.HoldsDocuments && strategy.Mode is not null && question.Documents.Count > 0)
        {
            var text = string.Join("\n\n", question.Documents.Select(document => $"--- {document.Name} ---\n{document.Text.TrimEnd()}"));
            messages.Add(new JsonObject { ["role"] = "system", ["content"] = text });
        }

        messages.Add(new JsonObject { ["role"] = "user", ["content"] = question.Question });
        var body = new JsonObject { ["model"] = model, ["messages"] = messages, ["max_tokens"] = options.MaxTokens, ["seed"] = options.Seed };
        decoding.Write(body);
        return body;
    }

    private static EvalResult Score(Asked asked, RequestSample sample)
    {
        var score = AnswerScore.Of(sample.Text, asked.Question.Answers);
        IReadOnlyList<string> evidence = asked.Question.Evidence is { } words ? [words] : asked.Question.Answers;
        return asked.Blank with
        {
            Answer = sample.Text,
            Exact = score.Exact,
            F1 = Math.Round(score.F1, 4),
            Found = sample.IsRag ? sample.RetrievedTexts.Any(passage => evidence.Any(item => AnswerScore.Holds(passage, item))) : null,
            Error = sample.Error is null ? null : sample.Refusal is { Length: > 0 } refusal ? $"{sample.Error}: {refusal}" : sample.Error,
            TtftMs = Math.Round(sample.TimeToFirstToken.TotalMilliseconds, 3),
            TotalMs = Math.Round(sample.Total.TotalMilliseconds, 3),
            PromptTokens = sample.PromptTokens,
            CachedTokens = sample.CachedTokens,
            CompletionTokens = sample.CompletionTokens,
        };
    }

    /// <param name="Question">What is asked.</param>
    /// <param name="Blank">Its result without an answer.</param>
    private sealed record Asked(EvalQuestion Question, EvalResult Blank);
}
