using System.Diagnostics;
using Leanserve.Engine;
using Leanserve.Server.Generation;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Tracing;

/// <summary>
/// The spans of one request: one for the whole, a child of the client's where it sent a <c>traceparent</c> (W3C Trace Context), and one for each stage.
/// Names follow OpenTelemetry's conventions for generative AI; no text of prompts or answers is in them. Costs nothing while nobody listens.
/// </summary>
internal sealed class RequestTrace : IDisposable
{
    /// <summary>The source that exporters subscribe to.</summary>
    public const string SourceName = "leanserve";

    private static readonly ActivitySource Source = new(SourceName);

    private readonly Activity? request;
    private readonly TimeProvider time;

    private RequestTrace(Activity? request, TimeProvider time)
    {
        this.request = request;
        this.time = time;
    }

    public static RequestTrace Begin(HttpContext context, string endpoint, TimeProvider time)
    {
        if (!Source.HasListeners())
        {
            return new RequestTrace(null, time);
        }

        // The framework's own activity is exported nowhere: under it a trace would have no root.
        Activity.Current = null;
        ActivityContext.TryParse(context.Request.Headers.TraceParent, context.Request.Headers.TraceState, isRemote: true, out var parent);
        var activity = Source.StartActivity(endpoint, ActivityKind.Server, parent, startTime: time.GetUtcNow());
        activity?.SetTag("gen_ai.operation.name", OperationOf(endpoint)).SetTag("http.request.method", context.Request.Method).SetTag("url.path", context.Request.Path.Value);
        return new RequestTrace(activity, time);
    }

    /// <summary>An answer was generated and written in full.</summary>
    public void Generated(string model, PreparedRequest prepared, GenerationFinished finished, DateTimeOffset submitted, AnswerWriter writer)
    {
        if (request is null)
        {
            return;
        }

        var timings = finished.Timings;
        Succeeded(model, finished.Usage.PromptTokens);
        request.SetTag("gen_ai.usage.output_tokens", finished.Usage.CompletionTokens).SetTag("leanserve.cached_tokens", finished.Usage.CachedTokens);
        if (prepared.Retrieval.Elapsed > TimeSpan.Zero)
        {
            Stage("retrieval", prepared.Retrieval.Began, prepared.Retrieval.Elapsed)?.SetTag("leanserve.passages", prepared.Retrieval.Passages.Count);
        }

        Stage("queue", submitted, timings.Queued);
        Stage("prefill", submitted + timings.Queued, timings.Prefilled - timings.Queued);
        Stage("decode", submitted + timings.Prefilled, timings.Total - timings.Prefilled);

        // A stream is written while it is decoded; the tag tells how much of the span was spent on it.
        Stage("write", writer.Began, time.GetUtcNow() - writer.Began)?.SetTag("leanserve.busy_ms", writer.Writing.TotalMilliseconds);
    }

    /// <summary>A request was answered in full.</summary>
    public void Succeeded(string model, int inputTokens) => request?
        .SetTag("gen_ai.request.model", model)
        .SetTag("gen_ai.usage.input_tokens", inputTokens)
        .SetTag("http.response.status_code", StatusCodes.Status200OK);

    /// <summary>A request was answered with an error.</summary>
    public void Refused(OpenAiError error)
    {
        request?.SetTag("http.response.status_code", error.Status).SetTag("error.type", error.Detail.Code);
        if (error.Status >= StatusCodes.Status500InternalServerError)
        {
            request?.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>The client went away.</summary>
    public void Cancelled() => request?.SetTag("http.response.status_code", StatusCodes.Status499ClientClosedRequest).SetTag("error.type", "cancelled");

    public void Dispose()
    {
        request?.SetEndTime(time.GetUtcNow().UtcDateTime);
        request?.Dispose();
    }

    private Activity? Stage(string name, DateTimeOffset start, TimeSpan duration)
    {
        using var stage = Source.StartActivity(name, ActivityKind.Internal, request!.Context, startTime: start);
        stage?.SetEndTime((start + duration).UtcDateTime);
        return stage;
    }

    private static string OperationOf(string endpoint) => endpoint == "completions" ? "text_completion" : endpoint;
}
