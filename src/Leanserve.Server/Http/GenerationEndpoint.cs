using System.Text.Json;
using Leanserve.Server.Generation;
using Leanserve.Server.Hosting;
using Leanserve.Server.Knowledge;
using Leanserve.Server.Metrics;
using Leanserve.Server.OpenAi;
using Leanserve.Server.Tracing;

namespace Leanserve.Server.Http;

/// <summary>What <c>/v1/chat/completions</c> and <c>/v1/completions</c> do: check, generate, write.</summary>
internal sealed partial class GenerationEndpoint(RequestServing serving, ServerMetrics metrics, TimeProvider time, ILogger<GenerationEndpoint> logger)
{
    public Task ChatAsync(HttpContext context) => ServeAsync(context, "chat", ReadChat, model => new ChatAnswerShape(model.Tokenizer));

    public Task CompletionsAsync(HttpContext context) => ServeAsync(context, "completions", ReadCompletion, model => new TextAnswerShape(model.Tokenizer));

    /// <summary>Checks the body and begins to prepare the request; null where it breaks a rule.</summary>
    private delegate Task<PreparedRequest>? Reader(
        ServedModel model, KnowledgeBase knowledge, JsonElement body, List<RequestViolation> violations, CancellationToken cancellationToken, out OpenAiError? error);

    private Task ServeAsync(HttpContext context, string endpoint, Reader read, Func<ServedModel, IAnswerShape> shapeOf) =>
        serving.ServeAsync(context, endpoint, async (model, body, trace, cancellationToken) =>
        {
            using var lease = await model.Knowledge.AcquireAsync(cancellationToken).ConfigureAwait(false);
            var violations = new List<RequestViolation>();
            var preparing = read(model, lease.Knowledge, body, violations, cancellationToken, out var error);
            if (preparing is null)
            {
                return error ?? OpenAiError.Invalid(violations);
            }

            var prepared = await preparing.ConfigureAwait(false);
            await GenerateAsync(context, endpoint, model, prepared, shapeOf(model), trace, cancellationToken).ConfigureAwait(false);
            return null;
        });

    private async Task GenerateAsync(
        HttpContext context, string endpoint, ServedModel model, PreparedRequest prepared, IAnswerShape shape, RequestTrace trace, CancellationToken cancellationToken)
    {
        var header = new AnswerHeader(
            $"{shape.IdPrefix}{Guid.NewGuid():N}", time.GetUtcNow().ToUnixTimeSeconds(), model.Config.ModelName, model.Config.Knowledge.Mode, prepared);
        var writer = new AnswerWriter(shape, header, context.Response, time);
        var submitted = time.GetUtcNow();
        var events = model.Engine.GenerateAsync(prepared.Request, cancellationToken);
        var finished = prepared.Parameters.Stream
            ? await writer.WriteStreamAsync(events, cancellationToken).ConfigureAwait(false)
            : await writer.WriteWholeAsync(events, cancellationToken).ConfigureAwait(false);
        if (finished is not null)
        {
            metrics.Finished(endpoint, prepared, finished, writer.Writing);
            trace.Generated(model.Config.ModelName, prepared, finished, submitted, writer);
            LogAnswered(
                logger,
                endpoint,
                finished.Usage.PromptTokens,
                finished.Usage.CachedTokens,
                finished.Usage.CompletionTokens,
                finished.Timings.TimeToFirstToken.TotalMilliseconds,
                finished.Timings.Total.TotalMilliseconds);
        }
    }

    private static Task<PreparedRequest>? ReadChat(
        ServedModel model, KnowledgeBase knowledge, JsonElement body, List<RequestViolation> violations, CancellationToken cancellationToken, out OpenAiError? error)
    {
        var request = new ChatRequestReader(model.RequestLimits).Read(body, violations);
        error = UnknownModel(model, request.Parameters.Model, violations);
        if (error is null && violations.Count == 0 && !model.Prompts.HasChatFormat)
        {
            error = OpenAiError.Create(
                400,
                $"The model has no chat template of a known family ({Prompts.ChatFormats.Supported}); use /v1/completions.",
                "messages",
                "no_chat_template");
        }

        return error is null && violations.Count == 0 ? model.PrepareAsync(request, knowledge, cancellationToken) : null;
    }

    private static Task<PreparedRequest>? ReadCompletion(
        ServedModel model, KnowledgeBase knowledge, JsonElement body, List<RequestViolation> violations, CancellationToken cancellationToken, out OpenAiError? error)
    {
        var request = new CompletionRequestReader(model.RequestLimits).Read(body, violations);
        error = UnknownModel(model, request.Parameters.Model, violations);
        return error is null && violations.Count == 0 ? model.PrepareAsync(request, knowledge, cancellationToken) : null;
    }

    private static OpenAiError? UnknownModel(ServedModel model, string asked, List<RequestViolation> violations) =>
        violations.All(violation => violation.Param != "model") && asked != model.Config.ModelName
            ? OpenAiError.UnknownModel(asked, model.Config.ModelName)
            : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Endpoint} answered: {PromptTokens} prompt tokens ({CachedTokens} cached), {CompletionTokens} completion tokens, first after {TtftMs:0.0} ms, {TotalMs:0.0} ms in all.")]
    private static partial void LogAnswered(ILogger logger, string endpoint, int promptTokens, int cachedTokens, int completionTokens, double ttftMs, double totalMs);
}
