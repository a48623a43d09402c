using System.Text.Json.Nodes;
using Leanserve.Cli.Streaming;
using Leanserve.Contracts;

namespace Leanserve.Cli.Eval.Targets;

/// <summary>What a Leanserve runtime says of itself under <c>/v1/models</c>; nothing is known of other servers.</summary>
internal static class ServedKnowledge
{
    /// <summary>The strategies with the question alone named by what the endpoint adds to it: "none" would be untrue where it serves documents.</summary>
    /// <param name="client">The endpoint.</param>
    /// <param name="strategies">As the user wrote them.</param>
    /// <param name="model">The model to ask for; null takes the first.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="HttpRequestException">The endpoint does not answer.</exception>
    public static async Task<IReadOnlyList<EvalStrategy>> NameAsync(
        StreamingClient client, IReadOnlyList<EvalStrategy> strategies, string? model, CancellationToken cancellationToken)
    {
        var models = await client.ModelsAsync(cancellationToken).ConfigureAwait(false);
        return Of(models.FirstOrDefault(listed => model is null || (string?)listed?["id"] == model)) is { } knowledge
            ? [.. strategies.Select(strategy => strategy.Mode is null ? EvalStrategy.ServedBy(knowledge) : strategy)]
            : strategies;
    }

    private static KnowledgeMode? Of(JsonNode? model) =>
        model?["leanserve"] is JsonObject details
        && details["sources"] is JsonArray { Count: > 0 }
        && Enum.TryParse<KnowledgeMode>((string?)details["knowledge"], out var knowledge)
            ? knowledge
            : null;
}
