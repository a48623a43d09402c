using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Generation;

/// <summary>What every body of one answer repeats.</summary>
internal sealed record AnswerHeader(string Id, long Created, string Model, KnowledgeMode Knowledge, PreparedRequest Prepared)
{
    public CompletionBody Body(string @object, IReadOnlyList<ChoiceBody> choices) =>
        new() { Id = Id, Object = @object, Created = Created, Model = Model, Choices = choices };

    public LeanserveBody Leanserve(GenerationTimings? timings = null) => new()
    {
        Strategy = new StrategyBody(Knowledge, Prepared.Request.Beam is null ? DecodingMode.Sampling : DecodingMode.BeamSearch),
        Sources = [.. Prepared.Sources.Select(KnowledgeSourceBody.Of)],
        Retrieved = [.. Prepared.Retrieval.Passages.Select(found => new RetrievedBody(
            found.Passage.Source, found.Passage.Number, found.Passage.Heading, found.Passage.Offset, Math.Round(found.Score, 4), found.Passage.Text, found.Passage.Page))],
        Timings = timings is not { } known ? null : new TimingsBody(
            Milliseconds(Prepared.Retrieval.Elapsed),
            Milliseconds(known.Queued),
            Milliseconds(known.TimeToFirstToken),
            Milliseconds(known.PerToken),
            Milliseconds(known.Total)),
    };

    public static UsageBody Usage(TokenUsage usage) => new(
        usage.PromptTokens,
        usage.CompletionTokens,
        usage.PromptTokens + usage.CompletionTokens,
        new PromptTokensDetails(usage.CachedTokens));

    public static string Finish(FinishReason reason) => reason == FinishReason.Length ? "length" : "stop";

    private static double Milliseconds(TimeSpan span) => Math.Round(span.TotalMilliseconds, 3);
}
