using System.CommandLine;
using Leanserve.Demo;

var cluster = new Option<string>("--cluster") { Description = "Where to run: local (a control plane on this machine) or current (the current kubeconfig's cluster)", DefaultValueFactory = _ => "local" };
cluster.AcceptOnlyFromAmong("local", "current");
var leave = new Option<bool>("--leave-up") { Description = "Keep everything running until Ctrl-C; the default where a terminal is attached", DefaultValueFactory = _ => !Console.IsInputRedirected && !Console.IsOutputRedirected };
var root = new RootCommand("Leanserve from kubectl apply to an answer: brings up a cluster, installs the operator, applies the samples, shows what was chosen and why, and asks each served model a question.") { cluster, leave };
root.SetAction(async (parsed, cancellationToken) =>
{
    try
    {
        await DemoRun.RunAsync(parsed.GetValue(cluster) == "current", parsed.GetValue(leave), TimeProvider.System, cancellationToken);
        return 0;
    }
    catch (DemoFailedException failure)
    {
        await Console.Error.WriteLineAsync($"demo: {failure.Message}");
        return 1;
    }
    catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
    {
        await Console.Error.WriteLineAsync("demo: interrupted; everything was torn down.");
        return 130;
    }
});
// Stopping takes longer than the 2 seconds after which System.CommandLine would cut it short.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
