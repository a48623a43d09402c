using Leanserve.Server.Hosting;
using Leanserve.Server.Knowledge;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Http;

/// <summary><c>/v1/models</c>: the model that generates text, and the embedding model where there is one.</summary>
internal sealed class ModelEndpoints(RuntimeState state, TimeProvider time)
{
    private readonly long created = time.GetUtcNow().ToUnixTimeSeconds();

    public Task ListAsync(HttpContext context) => state.Model is { } model
        ? context.Response.WriteAsJsonAsync(new ModelListBody("list", [.. Describe(model)]), OpenAiJson.Options)
        : NotReadyAsync(context);

    public Task GetAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        if (state.Model is not { } model)
        {
            return NotReadyAsync(context);
        }

        return Describe(model).FirstOrDefault(body => body.Id == id) is { } found
            ? context.Response.WriteAsJsonAsync(found, OpenAiJson.Options)
            : ErrorResponse.WriteAsync(context, OpenAiError.UnknownModel(id, model.Config.ModelName));
    }

    private IEnumerable<ModelBody> Describe(ServedModel model)
    {
        yield return Describe(model, model.Knowledge.Current);
        if (model.Embedder is { } embedder)
        {
            yield return new ModelBody(
                model.Config.EmbeddingModel!.ModelName, "model", created, "leanserve", new EmbeddingDetails(embedder.Dimensions, embedder.MaxTokens));
        }
    }

    private ModelBody Describe(ServedModel model, KnowledgeBase knowledge) => new(model.Config.ModelName, "model", created, "leanserve", new ModelDetails(
        knowledge.Mode,
        model.Config.Decoding.Mode,
        model.ContextTokens,
        model.Config.Limits.MaxOutputTokens,
        model.Prompts.HasChatFormat,
        [.. knowledge.Folders.Select(KnowledgeSourceBody.Of)]));

    private Task NotReadyAsync(HttpContext context) =>
        ErrorResponse.WriteAsync(context, OpenAiError.Unavailable(state.UnreadyReason ?? "Not ready.", retryAfterSeconds: 1));
}
