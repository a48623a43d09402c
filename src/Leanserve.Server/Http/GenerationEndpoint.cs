using System.Text.Json;
using Leanserve.Engine;
using Leanserve.Server.Generation;
using Leanserve.Server.Hosting;
using Leanserve.Server.Knowledge;
using Leanserve.Server.Metrics;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Http;

/// <summary>What <c>/v1/chat/completions</c> and <c>/v1/completions</c> do: read, check, generate, write; every failure once, here.</summary>
internal sealed partial class GenerationEndpoint(
    RuntimeState state, RequestBodyReader bodies, ServerMetrics metrics, TimeProvider time, Shutdown shutdown, ILogger<GenerationEndpoint> logger)
{
    public Task ChatAsync(HttpContext context) => ServeAsync(context, "chat", ReadChat, model => new ChatAnswerShape(model.Tokenizer));

    public Task CompletionsAsync(HttpContext context) => ServeAsync(context, "completions", ReadCompletion, model => new TextAnswerShape(model.Tokenizer));

    private delegate PreparedRequest? Reader(
        ServedModel model, KnowledgeBase knowledge, JsonElement body, List<RequestViolation> violations, out OpenAiError? error);

    private async Task ServeAsync(HttpContext context, string endpoint, Reader read, Func<ServedModel, IAnswerShape> shapeOf)
    {
        var start = time.GetTimestamp();
        if (!state.TryEnter())
        {
            await ErrorResponse.WriteAsync(context, OpenAiError.Unavailable(state.UnreadyReason ?? "Not ready.", retryAfterSeconds: 1)).ConfigureAwait(false);
            metrics.Refused(endpoint, context.Response.StatusCode);
            return;
        }

        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, shutdown.Deadline);
        try
        {
            var error = await AnswerAsync(context, endpoint, read, shapeOf, cancelled.Token).ConfigureAwait(false);
            if (error is not null)
            {
                await ErrorResponse.WriteAsync(context, error).ConfigureAwait(false);
                metrics.Refused(endpoint, error.Status);
                LogRefused(logger, endpoint, error.Status, error.Detail.Code ?? "", time.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested)
        {
            metrics.Cancelled(endpoint);
            LogCancelled(logger, endpoint, exception.GetType().Name, time.GetElapsedTime(start).TotalMilliseconds);
        }
        catch (Exception exception)
        {
            await FailAsync(context, endpoint, exception).ConfigureAwait(false);
        }
        finally
        {
            state.Leave();
        }
    }

    private async Task<OpenAiError?> AnswerAsync(
        HttpContext context, string endpoint, Reader read, Func<ServedModel, IAnswerShape> shapeOf, CancellationToken cancellationToken)
    {
        var model = state.Model!;
        var body = await bodies.ReadAsync(context).ConfigureAwait(false);
        if (body.Document is null)
        {
            return body.Error;
        }

        using var document = body.Document;
        try
        {
            using var lease = await model.Knowledge.AcquireAsync(cancellationToken).ConfigureAwait(false);
            var violations = new List<RequestViolation>();
            var prepared = read(model, lease.Knowledge, document.RootElement, violations, out var error);
            if (prepared is null)
            {
                return error ?? OpenAiError.Invalid(violations);
            }

            await GenerateAsync(context, endpoint, model, prepared, shapeOf(model), cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (EngineBusyException busy)
        {
            return OpenAiError.Busy(busy.Message, busy.RetryAfter);
        }
        catch (RequestRefusedException refused)
        {
            return OpenAiError.Create(400, refused.Message, null, "context_length_exceeded");
        }
    }

    private async Task GenerateAsync(
        HttpContext context, string endpoint, ServedModel model, PreparedRequest prepared, IAnswerShape shape, CancellationToken cancellationToken)
    {
        var header = new AnswerHeader(
            $"{shape.IdPrefix}{Guid.NewGuid():N}", time.GetUtcNow().ToUnixTimeSeconds(), model.Config.ModelName, model.Config.Knowledge.Mode, prepared);
        var writer = new AnswerWriter(shape, header, context.Response);
        var events = model.Engine.GenerateAsync(prepared.Request, cancellationToken);
        var finished = prepared.Parameters.Stream
            ? await writer.WriteStreamAsync(events, cancellationToken).ConfigureAwait(false)
            : await writer.WriteWholeAsync(events, cancellationToken).ConfigureAwait(false);
        if (finished is not null)
        {
            metrics.Finished(endpoint, prepared, finished);
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

    private async Task FailAsync(HttpContext context, string endpoint, Exception exception)
    {
        var isDeadline = exception is OperationCanceledException && shutdown.Deadline.IsCancellationRequested;
        var error = exception switch
        {
            BadHttpRequestException bad => OpenAiError.Create(bad.StatusCode, "The request's body could not be read as HTTP sends it.", null, "bad_http"),
            _ when isDeadline => OpenAiError.Unavailable("The server shut down before the answer was complete.", retryAfterSeconds: 1),
            _ => OpenAiError.Internal(),
        };
        if (error.Status == 500)
        {
            LogFailed(logger, exception, endpoint);
        }

        metrics.Refused(endpoint, error.Status);
        if (!context.Response.HasStarted)
        {
            await ErrorResponse.WriteAsync(context, error).ConfigureAwait(false);
            return;
        }

        // The status line is gone; a client of a stream reads the error from an event of its own.
        var json = JsonSerializer.Serialize(new OpenAiErrorBody(error.Detail), OpenAiJson.Options);
        await context.Response.WriteAsync($"data: {json}\n\n", context.RequestAborted).ConfigureAwait(false);
    }

    private static PreparedRequest? ReadChat(
        ServedModel model, KnowledgeBase knowledge, JsonElement body, List<RequestViolation> violations, out OpenAiError? error)
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

        return error is null && violations.Count == 0 ? model.Prepare(request, knowledge) : null;
    }

    private static PreparedRequest? ReadCompletion(
        ServedModel model, KnowledgeBase knowledge, JsonElement body, List<RequestViolation> violations, out OpenAiError? error)
    {
        var request = new CompletionRequestReader(model.RequestLimits).Read(body, violations);
        error = UnknownModel(model, request.Parameters.Model, violations);
        return error is null && violations.Count == 0 ? model.Prepare(request, knowledge) : null;
    }

    private static OpenAiError? UnknownModel(ServedModel model, string asked, List<RequestViolation> violations) =>
        violations.All(violation => violation.Param != "model") && asked != model.Config.ModelName
            ? OpenAiError.UnknownModel(asked, model.Config.ModelName)
            : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Endpoint} answered: {PromptTokens} prompt tokens ({CachedTokens} cached), {CompletionTokens} completion tokens, first after {TtftMs:0.0} ms, {TotalMs:0.0} ms in all.")]
    private static partial void LogAnswered(ILogger logger, string endpoint, int promptTokens, int cachedTokens, int completionTokens, double ttftMs, double totalMs);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Endpoint} refused: {Status} {Code} after {TotalMs:0.0} ms.")]
    private static partial void LogRefused(ILogger logger, string endpoint, int status, string code, double totalMs);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Endpoint} cancelled by the client ({Cause}) after {TotalMs:0.0} ms.")]
    private static partial void LogCancelled(ILogger logger, string endpoint, string cause, double totalMs);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Endpoint} failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string endpoint);
}
