using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Prometheus;

namespace Leanserve.Controllers;

/// <summary>Adds the controller runtime to a host.</summary>
public static class OperatorServiceCollectionExtensions
{
    /// <summary>
    /// Adds the controller runtime as a hosted service. Register controllers on the returned builder. Uses the
    /// <see cref="IKubernetes"/> client, <see cref="IMetricFactory"/> and <see cref="TimeProvider"/> that are registered, or else the
    /// in-cluster or kubeconfig client, the default metrics and the system's time.
    /// </summary>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists all that are.</exception>
    public static IOperatorBuilder AddKubernetesOperator(this IServiceCollection services, Action<OperatorSettings>? configure = null)
    {
        var settings = new OperatorSettings();
        configure?.Invoke(settings);
        settings.Validate();

        services.AddLogging();
        services.AddSingleton(settings);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IMetricFactory>(_ => Metrics.DefaultFactory);
        services.TryAddSingleton<IKubernetes>(_ => KubernetesConnection.Create(KubernetesClientConfiguration.BuildDefaultConfig()));
        services.AddSingleton<OperatorMetrics>();
        services.AddSingleton<WriteFence>();
        services.AddSingleton<ApiTransport>();
        services.AddSingleton<IApiDiscovery, ApiDiscovery>();
        services.AddSingleton<InformerRegistry>();
        services.AddSingleton(typeof(IEntityCache<>), typeof(EntityCache<>));
        services.AddSingleton<IEntityWriter, EntityWriter>();
        services.AddSingleton(typeof(Finalizers<>));
        services.AddSingleton<LeaderElector>();
        services.AddSingleton<EventRecorder>();
        services.AddSingleton(provider => provider.GetRequiredService<EventRecorder>().Publisher);
        services.AddSingleton(provider => new OperatorHealth(provider.GetRequiredService<InformerRegistry>()));
        services.AddHostedService<OperatorHost>();

        // The host must not give up on our drain before we do.
        services.Configure<HostOptions>(o => o.ShutdownTimeout = Longer(o.ShutdownTimeout, settings.DrainTimeout + TimeSpan.FromSeconds(5)));
        return new OperatorBuilder(services, settings);
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
