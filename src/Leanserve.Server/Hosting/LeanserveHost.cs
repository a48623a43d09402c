using System.Net;
using Leanserve.Contracts;
using Leanserve.Server.Http;
using Leanserve.Server.Knowledge;
using Leanserve.Server.Metrics;
using Leanserve.Server.Tracing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Prometheus;

namespace Leanserve.Server.Hosting;

/// <summary>The HTTP server of one model: it listens at once, loads the model beside that, and drains before it stops.</summary>
public sealed partial class LeanserveHost : IAsyncDisposable
{
    // What connections get to send their last bytes once no request may go on.
    private static readonly TimeSpan LastBytesTime = TimeSpan.FromSeconds(2);

    private readonly WebApplication application;
    private readonly RuntimeConfig config;
    private readonly RuntimeState state;
    private readonly Shutdown shutdown;
    private readonly TimeProvider time;
    private readonly ILogger<LeanserveHost> logger;
    private readonly CancellationTokenSource stopping = new();
    private Task refreshing = Task.CompletedTask;

    private LeanserveHost(WebApplication application, RuntimeConfig config)
    {
        this.application = application;
        this.config = config;
        state = application.Services.GetRequiredService<RuntimeState>();
        shutdown = application.Services.GetRequiredService<Shutdown>();
        time = application.Services.GetRequiredService<TimeProvider>();
        logger = application.Services.GetRequiredService<ILogger<LeanserveHost>>();
    }

    /// <summary>Where the server listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Completes once requests are taken; fails with <see cref="StartupException"/> where the model cannot be served.</summary>
    public Task Ready { get; private set; } = Task.CompletedTask;

    /// <summary>Completes once the snapshot of the documents that is being written, if one is, lies in its place.</summary>
    public Task SnapshotWritten => state.Model?.Cache.SavedAsync() ?? Task.CompletedTask;

    /// <summary>Whether requests are traced to a collector.</summary>
    public bool IsTraced => TraceExport.IsConfigured(application.Services.GetRequiredService<ServerOptions>());

    /// <summary>Listens, and starts to load the model.</summary>
    /// <exception cref="StartupException">The address cannot be listened on.</exception>
    public static async Task<LeanserveHost> StartAsync(RuntimeConfig config, ServerOptions options, TimeProvider time, Action<ILoggingBuilder> logging)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(options);
        var host = new LeanserveHost(Build(config, options, time, logging), config);
        try
        {
            await host.application.StartAsync().ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw new StartupException($"Cannot listen on {options.Address}:{config.Port}: {exception.Message}", exception);
        }

        var addresses = host.application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        host.Address = new Uri(addresses.Addresses.First());
        host.Ready = Task.Run(() => host.LoadAsync());
        return host;
    }

    /// <summary>Refuses new requests, lets those in flight finish within the drain time, then stops.</summary>
    public async Task DrainAsync()
    {
        var drained = state.DrainAsync();
        LogDraining(logger, state.InFlight, config.DrainSeconds);
        try
        {
            await drained.WaitAsync(TimeSpan.FromSeconds(config.DrainSeconds), time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogDrainExpired(logger, state.InFlight);
            shutdown.Expire();
        }

        using var lastBytes = new CancellationTokenSource(LastBytesTime, time);
        await application.StopAsync(lastBytes.Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        shutdown.Expire();
        try
        {
            await Ready.ConfigureAwait(false);
            await refreshing.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is StartupException or OperationCanceledException)
        {
            // Whoever waits for Ready has been told.
        }

        await application.DisposeAsync().ConfigureAwait(false);
        if (state.Model is { } model)
        {
            await model.DisposeAsync().ConfigureAwait(false);
        }

        stopping.Dispose();
    }

    private async Task LoadAsync()
    {
        var model = await ModelLoader.LoadAsync(config, time, logger, stopping.Token).ConfigureAwait(false);
        state.SetReady(model);
        var refresher = new KnowledgeRefresher(model, application.Services.GetRequiredService<ServerMetrics>(), time, logger);
        refreshing = refresher.RunAsync(application.Services.GetRequiredService<ServerOptions>().KnowledgeInterval, stopping.Token);
    }

    private static WebApplication Build(RuntimeConfig config, ServerOptions options, TimeProvider time, Action<ILoggingBuilder> logging)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "leanserve-server" });
        logging(builder.Logging);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Parse(options.Address), config.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.KeepAliveTimeout = options.IdleTimeout;
            kestrel.Limits.RequestHeadersTimeout = options.HeadersTimeout;
        });
        builder.Services.AddRoutingCore()
            .AddSingleton(time)
            .AddSingleton(options)
            .AddSingleton<RuntimeState>()
            .AddSingleton<Shutdown>()
            .AddSingleton<ServerMetrics>()
            .AddSingleton<RequestBodyReader>()
            .AddSingleton<RequestServing>()
            .AddSingleton<GenerationEndpoint>()
            .AddSingleton<EmbeddingEndpoint>()
            .AddSingleton<ModelEndpoints>()
            // SIGTERM must drain first; the default lifetime would stop listening at once.
            .AddSingleton<IHostLifetime, QuietLifetime>();
        TraceExport.Add(builder, options);
        var application = builder.Build();
        Map(application);
        return application;
    }

    private static void Map(WebApplication application)
    {
        application.UseStatusCodePages(context => ErrorResponse.WriteStatusAsync(context.HttpContext));
        application.UseRouting();
        var generation = application.Services.GetRequiredService<GenerationEndpoint>();
        var models = application.Services.GetRequiredService<ModelEndpoints>();
        var state = application.Services.GetRequiredService<RuntimeState>();
        application.MapPost("/v1/chat/completions", generation.ChatAsync);
        application.MapPost("/v1/completions", generation.CompletionsAsync);
        application.MapPost("/v1/embeddings", application.Services.GetRequiredService<EmbeddingEndpoint>().ServeAsync);
        application.MapGet("/v1/models", models.ListAsync);
        application.MapGet("/v1/models/{id}", models.GetAsync);
        application.MapGet("/healthz", context => context.Response.WriteAsync("ok\n"));
        application.MapGet("/readyz", context => ProbeResponse.WriteReadinessAsync(context, state));
        application.MapGet("/", HumanPage.WriteAsync);
        application.MapMetrics(registry: application.Services.GetRequiredService<ServerMetrics>().Registry);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining: {InFlight} requests in flight have {Seconds} s.")]
    private static partial void LogDraining(ILogger logger, int inFlight, int seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The drain time is over; {InFlight} requests are cut off.")]
    private static partial void LogDrainExpired(ILogger logger, int inFlight);
}
