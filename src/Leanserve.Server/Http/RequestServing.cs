using System.Text.Json;
using Leanserve.Engine;
using Leanserve.Server.Hosting;
using Leanserve.Server.Metrics;
using Leanserve.Server.OpenAi;
using Leanserve.Server.Tracing;

namespace Leanserve.Server.Http;

/// <summary>What every request to the model goes through: admission, reading of the body, and every failure once, here.</summary>
internal sealed partial class RequestServing(
    RuntimeState state, RequestBodyReader bodies, ServerMetrics metrics, TimeProvider time, Shutdown shutdown, ILogger<RequestServing> logger)
{
    /// <summary>Answers a request, or returns the error to answer with.</summary>
    public delegate Task<OpenAiError?> Answer(ServedModel model, JsonElement body, RequestTrace trace, CancellationToken cancellationToken);

    /// <summary>Serves one request from arrival to the last byte.</summary>
    public async Task ServeAsync(HttpContext context, string endpoint, Answer answer)
    {
        var start = time.GetTimestamp();
        if (!state.TryEnter())
        {
            await ErrorResponse.WriteAsync(context, OpenAiError.Unavailable(state.UnreadyReason ?? "Not ready.", retryAfterSeconds: 1)).ConfigureAwait(false);
            metrics.Refused(endpoint, context.Response.StatusCode);
            return;
        }

        using var trace = RequestTrace.Begin(context, endpoint, time);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, shutdown.Deadline);
        try
        {
            var error = await AnswerAsync(context, answer, trace, cancelled.Token).ConfigureAwait(false);
            if (error is not null)
            {
                await ErrorResponse.WriteAsync(context, error).ConfigureAwait(false);
                metrics.Refused(endpoint, error.Status);
                trace.Refused(error);
                LogRefused(logger, endpoint, error.Status, error.Detail.Code ?? "", time.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested)
        {
            metrics.Cancelled(endpoint);
            trace.Cancelled();
            LogCancelled(logger, endpoint, exception.GetType().Name, time.GetElapsedTime(start).TotalMilliseconds);
        }
        catch (Exception exception)
        {
            await FailAsync(context, endpoint, trace, exception).ConfigureAwait(false);
        }
        finally
        {
            state.Leave();
        }
    }

    private async Task<OpenAiError?> AnswerAsync(HttpContext context, Answer answer, RequestTrace trace, CancellationToken cancellationToken)
    {
        var body = await bodies.ReadAsync(context).ConfigureAwait(false);
        if (body.Document is null)
        {
            return body.Error;
        }

        using var document = body.Document;
        try
        {
            return await answer(state.Model!, document.RootElement, trace, cancellationToken).ConfigureAwait(false);
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

    private async Task FailAsync(HttpContext context, string endpoint, RequestTrace trace, Exception exception)
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
        trace.Refused(error);
        if (!context.Response.HasStarted)
        {
            await ErrorResponse.WriteAsync(context, error).ConfigureAwait(false);
            return;
        }

        // The status line is gone; a client of a stream reads the error from an event of its own.
        var json = JsonSerializer.Serialize(new OpenAiErrorBody(error.Detail), OpenAiJson.Options);
        await context.Response.WriteAsync($"data: {json}\n\n", context.RequestAborted).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Endpoint} refused: {Status} {Code} after {TotalMs:0.0} ms.")]
    private static partial void LogRefused(ILogger logger, string endpoint, int status, string code, double totalMs);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Endpoint} cancelled by the client ({Cause}) after {TotalMs:0.0} ms.")]
    private static partial void LogCancelled(ILogger logger, string endpoint, string cause, double totalMs);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Endpoint} failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string endpoint);
}
