using System.Globalization;
using k8s.Models;
using Leanserve.Api;
using Leanserve.Controllers;
using Leanserve.Controllers.Sdk;
using Leanserve.Operator.Builders;
using Leanserve.Operator.Observe;
using Leanserve.Operator.Reconcile;
using Leanserve.Operator.Reconcile.Steps;

namespace Leanserve.Operator.Hosting;

/// <summary>Composes the process.</summary>
public static class OperatorServices
{
    /// <summary>Adds the controller, its steps and the controller runtime, as <see cref="OperatorOptions"/> say.</summary>
    public static void AddLeanserveOperator(this WebApplicationBuilder builder)
    {
        var options = new OperatorOptions();
        builder.Configuration.Bind(options);
        builder.Services.AddOptions<OperatorOptions>().Bind(builder.Configuration).ValidateDataAnnotations().ValidateOnStart();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://*:{options.Port}"));
        // Probes and requests would drown the reconciles.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddSimpleConsole(console => { console.SingleLine = true; console.UseUtcTimestamp = true; console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ "; });

        builder.Services.AddHttpClient(PodPageReader.ClientName, client => client.Timeout = TimeSpan.FromSeconds(2));
        builder.Services.AddSingleton<SourceCheck>().AddSingleton<PodPageReader>().AddSingleton<Inspector>().AddSingleton<TransitionEvents>();
        builder.Services.AddSingleton<ResolveNode>().AddSingleton<ResolveModel>().AddSingleton<ResolveKnowledge>().AddSingleton<ResolveAssumptions>().AddSingleton<PlanStrategy>();
        builder.Services.AddSingleton<ApplyWorkload>().AddSingleton<ObserveWorkload>().AddSingleton<ObservePerformance>();

        builder.Services
            .AddKubernetesOperator(settings =>
            {
                settings.Name = "leanserve-operator";
                settings.Namespace = string.IsNullOrEmpty(options.WatchNamespace) ? null : options.WatchNamespace;
                settings.LeaderElectionType = options.LeaderElection ? LeaderElectionType.Single : LeaderElectionType.None;
                settings.LeaderElectionLeaseNamespace = options.OperatorNamespace;
            })
            .AddController<LlmDeploymentController, LlmDeployment>(Watch);
    }

    private static void Watch(ControllerBuilder<LlmDeployment> controller) => controller
        .Owns<V1Deployment>(OnlyOurs).Owns<V1Service>(OnlyOurs).Owns<V1ServiceAccount>(OnlyOurs).Owns<V1NetworkPolicy>(OnlyOurs)
        .Owns<V1ConfigMap>()
        .Watches<V1ConfigMap>(WatchMaps.NamersOf)
        .Watches<V1PersistentVolumeClaim>(WatchMaps.NamersOf)
        .Watches<V1Pod>(WatchMaps.ServedBy, OnlyOurs)
        .Watches<V1Node>((_, all) => all.List().Select(EntityKey.Of), watch =>
        {
            watch.Predicate = WatchMaps.NodeChanged;
            // A Role cannot grant nodes: in one namespace the operator plans without seeing them.
            watch.Optional = true;
        });

    private static void OnlyOurs<TEntity>(WatchOptions<TEntity> watch)
        where TEntity : k8s.IKubernetesObject<V1ObjectMeta> => watch.LabelSelector = $"{WorkloadNames.ManagedByLabel}={WorkloadNames.ManagedBy}";
}
