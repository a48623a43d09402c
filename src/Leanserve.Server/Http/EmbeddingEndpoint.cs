using Leanserve.Engine;
using Leanserve.Engine.Knowledge;
using Leanserve.Server.Hosting;
using Leanserve.Server.Metrics;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Http;

/// <summary>What <c>/v1/embeddings</c> does: texts become vectors, one after the other, so that questions' own searches wait for one text at most.</summary>
internal sealed class EmbeddingEndpoint(RequestServing serving, ServerMetrics metrics, TimeProvider time)
{
    private const string Endpoint = "embeddings";

    private int running;

    public Task ServeAsync(HttpContext context) => serving.ServeAsync(context, Endpoint, async (model, body, trace, cancellationToken) =>
    {
        if (model.Embedder is not { } embedder)
        {
            return OpenAiError.Create(404, "No embedding model is served here; this one generates text: use /v1/chat/completions.", null, "embeddings_not_supported");
        }

        var name = model.Config.EmbeddingModel!.ModelName;
        var violations = new List<RequestViolation>();
        var request = new EmbeddingRequestReader(embedder).Read(body, violations);
        if (violations.All(violation => violation.Param != "model") && request.Model != name)
        {
            return OpenAiError.UnknownModel(request.Model, name);
        }

        if (violations.Count > 0)
        {
            return OpenAiError.Invalid(violations);
        }

        var start = time.GetTimestamp();
        var vectors = await EmbedAsync(model, embedder, request.Inputs, cancellationToken).ConfigureAwait(false);
        var tokens = request.Inputs.Sum(input => input.Count);
        var answer = EmbeddingListBody.Of(name, vectors, request.AsBase64, tokens);
        metrics.Embedded(tokens, time.GetElapsedTime(start));
        trace.Succeeded(name, tokens);
        await context.Response.WriteAsJsonAsync(answer, OpenAiJson.Options, cancellationToken).ConfigureAwait(false);
        return null;
    });

    private async Task<IReadOnlyList<float[]>> EmbedAsync(
        ServedModel model, IEmbedder embedder, IReadOnlyList<IReadOnlyList<int>> inputs, CancellationToken cancellationToken)
    {
        var most = model.Config.Limits.MaxConcurrentRequests + model.Config.Limits.MaxQueuedRequests;
        if (Interlocked.Increment(ref running) > most)
        {
            Interlocked.Decrement(ref running);
            throw new EngineBusyException(most, TimeSpan.FromSeconds(1));
        }

        try
        {
            var vectors = new List<float[]>(inputs.Count);
            foreach (var tokens in inputs)
            {
                vectors.Add(await embedder.EmbedAsync(tokens, cancellationToken).ConfigureAwait(false));
            }

            return vectors;
        }
        finally
        {
            Interlocked.Decrement(ref running);
        }
    }
}
