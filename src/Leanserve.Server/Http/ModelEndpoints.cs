using Leanserve.Server.Hosting;
using Leanserve.Server.Knowledge;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Http;

/// <summary><c>/v1/models</c> and the endpoints that this kind of model does not have.</summary>
internal sealed class ModelEndpoints(RuntimeState state, TimeProvider time)
{
    private readonly long created = time.GetUtcNow().ToUnixTimeSeconds();

    public Task ListAsync(HttpContext context) => state.Model is { } model
        ? context.Response.WriteAsJsonAsync(new ModelListBody("list", [Describe(model)]), OpenAiJson.Options)
        : NotReadyAsync(context);

    public Task GetAsync(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        return state.Model switch
        {
            null => NotReadyAsync(context),
            { } model when model.Config.ModelName == id => context.Response.WriteAsJsonAsync(Describe(model), OpenAiJson.Options),
            { } model => ErrorResponse.WriteAsync(context, OpenAiError.UnknownModel(id, model.Config.ModelName)),
        };
    }

    public Task EmbeddingsAsync(HttpContext context) => ErrorResponse.WriteAsync(
        context,
        OpenAiError.Create(404, "The model served here has no embeddings; it generates text: use /v1/chat/completions.", null, "embeddings_not_supported"));

    private ModelBody Describe(ServedModel model) => Describe(model, model.Knowledge.Current);

    private ModelBody Describe(ServedModel model, KnowledgeBase knowledge) => new(model.Config.ModelName, "model", created, "leanserve", new ModelDetails(
        knowledge.Mode,
        model.Config.Decoding.Mode,
        model.ContextTokens,
        model.Config.Limits.MaxOutputTokens,
        model.Prompts.HasChatFormat,
        [.. knowledge.Folders.Select(folder => new KnowledgeSourceBody(folder.Name, folder.Documents.Count, folder.ContentHash))]));

    private Task NotReadyAsync(HttpContext context) =>
        ErrorResponse.WriteAsync(context, OpenAiError.Unavailable(state.UnreadyReason ?? "Not ready.", retryAfterSeconds: 1));
}
