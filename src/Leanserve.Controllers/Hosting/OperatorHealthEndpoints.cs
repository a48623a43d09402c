using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Leanserve.Controllers;

/// <summary>The probes' HTTP endpoints.</summary>
public static class OperatorHealthEndpoints
{
    /// <summary>Maps <c>/healthz</c> (restart me?) and <c>/readyz</c> (caches warm?): 200 <c>ok</c>, or 503 with the reason.</summary>
    public static IEndpointRouteBuilder MapOperatorHealth(this IEndpointRouteBuilder endpoints)
    {
        var health = endpoints.ServiceProvider.GetRequiredService<OperatorHealth>();
        endpoints.MapGet("/healthz", () => Answer(health.LivenessFailure));
        endpoints.MapGet("/readyz", () => Answer(health.ReadinessFailure));
        return endpoints;
    }

    private static IResult Answer(string? failure)
        => failure is null ? Results.Text("ok") : Results.Text(failure, statusCode: StatusCodes.Status503ServiceUnavailable);
}
