using System.CommandLine;
using LocalCluster.Cli;

var root = new RootCommand("A Kubernetes cluster on this machine, without Docker: real etcd and control plane, pods as local processes.")
{
    UpCommand.Create(),
    PrepareCommand.Create(),
};
// Stopping takes longer than the 2 seconds after which System.CommandLine would cut it short.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) };
return await root.Parse(args).InvokeAsync(invocation);
