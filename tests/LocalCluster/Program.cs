using System.CommandLine;
using LocalCluster.Cli;

var root = new RootCommand("A Kubernetes cluster on this machine, without Docker: real etcd and control plane, pods as local processes.")
{
    UpCommand.Create(),
    PrepareCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
