using k8s;
using k8s.Models;
using LocalCluster.ControlPlane;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>A whole operator process's worth of runtime, in this process, connected through a proxy of its own.</summary>
public sealed class OperatorUnderTest : IAsyncDisposable
{
    private readonly CollectorRegistry metrics = Prometheus.Metrics.NewCustomRegistry();
    private readonly IHost host;
    private bool stopped;

    private OperatorUnderTest(OperatorSetup setup, ApiServerFixture api, string ns)
    {
        Proxy = TcpProxy.Start(api.Plane.Address);
        Client = setup.Client?.Invoke(Proxy.Address) ?? ConnectAsAdmin(api, Proxy.Address, setup.Handlers);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(new TestLoggerProvider()).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSingleton<IKubernetes>(Client);
        builder.Services.AddSingleton(Script);
        builder.Services.AddSingleton<IMetricFactory>(Prometheus.Metrics.WithCustomRegistry(metrics));
        var runtime = builder.Services.AddKubernetesOperator(settings =>
        {
            settings.Name = "test-operator";
            settings.Namespace = ns;
            settings.Retry.BaseDelay = TimeSpan.FromMilliseconds(50);
            settings.Watch.Reconnect.BaseDelay = TimeSpan.FromMilliseconds(50);
            settings.Watch.Reconnect.MaxDelay = TimeSpan.FromSeconds(1);
            settings.DrainTimeout = TimeSpan.FromSeconds(5);
            setup.Settings(settings);
        });
        if (setup.Register is { } register)
        {
            register(runtime);
        }
        else
        {
            runtime.AddController<ScriptedController, Widget>(setup.Controller);
        }

        if (setup.WithFinalizer)
        {
            runtime.AddFinalizer<ScriptedFinalizer, Widget>(ScriptedFinalizer.Identifier);
        }

        host = builder.Build();
        Widgets = new WidgetClient(api.Admin, ns);
    }

    public WidgetScript Script { get; } = new();

    public TcpProxy Proxy { get; }

    public Kubernetes Client { get; }

    /// <summary>The user, who goes straight to the API server.</summary>
    public WidgetClient Widgets { get; }

    public IEntityWriter Writer => Service<IEntityWriter>();

    public OperatorHealth Health => Service<OperatorHealth>();

    public static async Task<OperatorUnderTest> StartAsync(ApiServerFixture api, OperatorSetup? setup = null)
    {
        setup ??= new OperatorSetup();
        var ns = setup.Namespace ?? await api.CreateNamespaceAsync();
        var operatorUnderTest = new OperatorUnderTest(setup, api, ns);
        setup.Script(operatorUnderTest.Script, operatorUnderTest);
        await operatorUnderTest.host.StartAsync(TestContext.Current.CancellationToken);
        if (setup.WaitUntilReady)
        {
            await Eventually.True(() => operatorUnderTest.Health.ReadinessFailure is null);
        }

        return operatorUnderTest;
    }

    public static Kubernetes ConnectAsAdmin(ApiServerFixture api, Uri server, params DelegatingHandler[] handlers)
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(api.Plane.KubeconfigPath);
        configuration.Host = server.ToString();
        return KubernetesConnection.Create(configuration, handlers);
    }

    public T Service<T>()
        where T : notnull
        => host.Services.GetRequiredService<T>();

    public IEntityCache<TEntity> Cache<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
        => Service<IEntityCache<TEntity>>();

    /// <summary>The sum of a metric's samples whose labels contain <paramref name="labels"/>.</summary>
    public async Task<double> MetricAsync(string name, string labels = "")
    {
        using var text = new MemoryStream();
        await metrics.CollectAndExportAsTextAsync(text);
        return System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n')
            .Where(line => (line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))
                && line.Contains(labels, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>What SIGTERM does to the host.</summary>
    public async Task StopAsync()
    {
        stopped = true;
        await host.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!stopped)
        {
            // A test that broke the connection would otherwise spend the drain on waiting for it.
            Proxy.Resume();
            await host.StopAsync(CancellationToken.None);
        }

        host.Dispose();
        Client.Dispose();
        await Proxy.DisposeAsync();
    }
}
