using System.Globalization;
using k8s;
using LocalCluster;
using Spectre.Console;

namespace Leanserve.Demo;

/// <summary>The whole story, told in numbered steps.</summary>
public static class DemoRun
{
    private const string Namespace = "leanserve-demo";

    public static async Task RunAsync(bool onCurrentCluster, bool leaveUp, TimeProvider time, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        await using var cluster = onCurrentCluster ? null : await StartClusterAsync(cancellationToken);
        var kubeconfig = cluster?.ControlPlane.KubeconfigPath;
        var kubectl = new Kubectl(kubeconfig);
        using var client = cluster?.ControlPlane.CreateClient() ?? new Kubernetes(KubernetesClientConfiguration.BuildDefaultConfig());
        var samples = new SampleDeployments(client, kubectl, Namespace, time);
        try
        {
            await InstallAsync(kubectl, client, cancellationToken);
            await PrepareModelAsync(kubectl, cluster, cancellationToken);
            Heading("Apply the samples", "kubectl apply -k config/samples");
            await kubectl.RunAsync(["apply", "-n", Namespace, "-k", Repository.Path("config/samples")], cancellationToken);
            var settled = await samples.WaitUntilSettledAsync(TimeSpan.FromSeconds(150), cancellationToken);

            Heading("What was chosen", "kubectl get llmdeployments");
            Console.WriteLine(await kubectl.RunAsync(["get", "llmdeployments", "-n", Namespace], cancellationToken));
            foreach (var sample in settled)
            {
                SampleReport.Print(sample);
            }

            Heading("Ask the served models");
            var questions = new Questions(client, Namespace);
            foreach (var sample in settled.Where(s => s.Status.Endpoint is not null))
            {
                await questions.AskAsync(sample, cancellationToken);
            }

            await HandbookEdit.ShowAsync(client, samples, questions, Namespace, time, cancellationToken);
            AnsiConsole.MarkupLineInterpolated($"[green]The demo took {time.GetElapsedTime(begun).TotalSeconds:0} s.[/]");
            if (leaveUp)
            {
                await LeaveUpAsync(kubeconfig, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException && cluster is not null)
        {
            var kept = Repository.KeepLogs(cluster.ControlPlane);
            throw failure is DemoFailedException ? new DemoFailedException($"{failure.Message}\nLogs: {kept}", failure) : new DemoFailedException($"{failure}\nLogs: {kept}", failure);
        }
        finally
        {
            if (onCurrentCluster && !leaveUp)
            {
                await kubectl.RunAsync(["delete", "namespace", Namespace, "--ignore-not-found", "--wait=false"], CancellationToken.None);
            }
        }
    }

    private static async Task<LocalClusterHost> StartClusterAsync(CancellationToken cancellationToken)
    {
        Heading("Start a control plane on this machine", "etcd, kube-apiserver, kube-controller-manager, kube-scheduler, one node agent");
        try
        {
            return await LocalClusterHost.StartAsync(
                new LocalClusterOptions { Images = Repository.Images() },
                new Progress<string>(line => Console.WriteLine($"  {line}")),
                cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new DemoFailedException($"The local cluster did not start: {failure.Message}", failure);
        }
    }

    private static async Task InstallAsync(Kubectl kubectl, IKubernetes client, CancellationToken cancellationToken)
    {
        var version = await client.Version.GetCodeAsync(cancellationToken);
        // From 1.25 on the API server checks cross-field rules itself.
        var manifests = int.Parse(version.Minor.TrimEnd('+'), CultureInfo.InvariantCulture) >= 25 ? "config/default" : "config/legacy";
        Heading("Install the operator", $"kubectl apply --server-side -k {manifests}");
        await kubectl.RunAsync(["apply", "--server-side", "-k", Repository.Path(manifests)], cancellationToken);
        await kubectl.RunAsync(["rollout", "status", "-n", "leanserve-system", "deployment/leanserve-operator", "--timeout=120s"], cancellationToken);
        Console.WriteLine("  The operator runs as a pod, by its own ServiceAccount and the RBAC it ships.");
    }

    private static async Task PrepareModelAsync(Kubectl kubectl, LocalClusterHost? cluster, CancellationToken cancellationToken)
    {
        Heading("Make a model on a volume", "kubectl apply -k config/samples/models");
        await kubectl.RunAsync(["apply", "-f", "-"], cancellationToken, $"{{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{{\"name\":\"{Namespace}\"}}}}");
        if (cluster is not null)
        {
            await kubectl.RunAsync(["apply", "-f", "-"], cancellationToken, LocalVolume.Manifest(cluster.ControlPlane.DataDirectory));
        }

        await kubectl.RunAsync(["apply", "-n", Namespace, "-k", Repository.Path("config/samples/models")], cancellationToken);
        await kubectl.RunAsync(["wait", "-n", Namespace, "--for=condition=complete", "job/make-model", "--timeout=120s"], cancellationToken);
        Console.WriteLine("  PersistentVolumeClaim models holds the folder reader: a small ONNX model that copies its answers from documents (config/docs/reader.md).");
    }

    private static async Task LeaveUpAsync(string? kubeconfig, CancellationToken cancellationToken)
    {
        AnsiConsole.MarkupLine("[bold]Everything stays up until Ctrl-C.[/] Look around:");
        if (kubeconfig is not null)
        {
            Console.WriteLine($"  export KUBECONFIG={kubeconfig}");
        }

        Console.WriteLine($"  kubectl config set-context --current --namespace {Namespace}");
        Console.WriteLine("  kubectl get llmd; kubectl describe llmd handbook; kubectl edit configmap handbook");
        Console.WriteLine("Score questions of your own:");
        Console.WriteLine("  kubectl proxy --port 8001 &");
        Console.WriteLine("  echo '{\"question\": \"When does the office open?\", \"answers\": [\"At 7:30, Monday to Friday.\"]}' > questions.jsonl");
        Console.WriteLine($"  {Repository.Path("artifacts/bin/leanserve")} eval questions.jsonl --url http://localhost:8001/api/v1/namespaces/{Namespace}/services/http:handbook:8080/proxy/v1");
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    private static void Heading(string title, string? detail = null)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.Write(new Rule($"[bold]{Markup.Escape(title)}[/]{(detail is null ? "" : $" [dim]{Markup.Escape(detail)}[/]")}").LeftJustified());
    }
}
