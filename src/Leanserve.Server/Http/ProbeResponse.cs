using Leanserve.Server.Hosting;

namespace Leanserve.Server.Http;

/// <summary>The readiness probe: plain text, because people read it.</summary>
internal static class ProbeResponse
{
    public static Task WriteReadinessAsync(HttpContext context, RuntimeState state)
    {
        var reason = state.UnreadyReason;
        context.Response.StatusCode = reason is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsync($"{reason ?? "ok"}\n", context.RequestAborted);
    }
}
