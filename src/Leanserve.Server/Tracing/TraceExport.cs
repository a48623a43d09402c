using Leanserve.Server.Hosting;
using OpenTelemetry.Trace;

namespace Leanserve.Server.Tracing;

/// <summary>Sends spans to a collector over OTLP, where the standard <c>OTEL_…</c> variables name one.</summary>
internal static class TraceExport
{
    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    public static bool IsConfigured(ServerOptions options) =>
        Endpoints.Any(name => !string.IsNullOrWhiteSpace(options.Telemetry.GetValueOrDefault(name)))
        && options.Telemetry.GetValueOrDefault("OTEL_TRACES_EXPORTER") is null or "otlp"
        && options.Telemetry.GetValueOrDefault("OTEL_SDK_DISABLED") != "true";

    /// <summary>Adds the exporter where it is configured; everything about it (endpoint, protocol, headers, sampler, service name) is read from the variables.</summary>
    public static void Add(WebApplicationBuilder builder, ServerOptions options)
    {
        if (!IsConfigured(options))
        {
            return;
        }

        builder.Configuration.AddInMemoryCollection(options.Telemetry);
        builder.Services.AddOpenTelemetry().WithTracing(traces => traces.AddSource(RequestTrace.SourceName).AddOtlpExporter());
    }
}
