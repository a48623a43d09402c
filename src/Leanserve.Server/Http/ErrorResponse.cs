using System.Globalization;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Http;

/// <summary>Writes errors in OpenAI's shape.</summary>
internal static class ErrorResponse
{
    public static Task WriteAsync(HttpContext context, OpenAiError error)
    {
        context.Response.StatusCode = error.Status;
        if (error.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return context.Response.WriteAsJsonAsync(new OpenAiErrorBody(error.Detail), OpenAiJson.Options, context.RequestAborted);
    }

    /// <summary>The error for a status that the framework chose: unknown path, wrong method and so on.</summary>
    public static Task WriteStatusAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        var (message, code) = context.Response.StatusCode switch
        {
            404 => ($"There is nothing at {path}; /v1/chat/completions, /v1/completions and /v1/models are served.", "unknown_url"),
            405 => ($"{path} does not take {context.Request.Method}; it takes {context.Response.Headers.Allow}.", "method_not_allowed"),
            var status => ($"The request was refused with status {status}.", "refused"),
        };
        return WriteAsync(context, OpenAiError.Create(context.Response.StatusCode, message, null, code));
    }
}
