using Leanserve.Controllers;
using Leanserve.Controllers.Replica;
using Leanserve.Controllers.Sdk;
using Leanserve.Controllers.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// One replica of an operator as a process of its own, so that tests can kill it. KUBECONFIG says where the API server is.
if (args is not [var ns, var identity, var journal])
{
    Console.Error.WriteLine("usage: controllers-test-replica NAMESPACE IDENTITY JOURNAL");
    return 2;
}

var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Services.AddSingleton(new Journal(journal, identity));
builder.Services
    .AddKubernetesOperator(settings =>
    {
        settings.Name = "replicated";
        settings.Namespace = ns;
        settings.LeaderElectionType = LeaderElectionType.Single;
        settings.LeaderElectionIdentity = identity;
        settings.LeaderElectionLeaseDuration = TimeSpan.FromSeconds(4);
        settings.LeaderElectionRenewDeadline = TimeSpan.FromSeconds(3);
        settings.LeaderElectionRetryPeriod = TimeSpan.FromSeconds(0.5);
        settings.DrainTimeout = TimeSpan.FromSeconds(5);
    })
    .AddController<JournalingController, Widget>();
using var host = builder.Build();
await host.StartAsync();
var health = host.Services.GetRequiredService<OperatorHealth>();
while (health.ReadinessFailure is not null)
{
    await Task.Delay(TimeSpan.FromMilliseconds(50));
}

host.Services.GetRequiredService<Journal>().Note("is-ready");
await host.WaitForShutdownAsync();
return 0;
