using System.Diagnostics;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Leanserve.Api;
using LocalCluster;
using LocalCluster.NodeAgents;

namespace Integration.Tests.Operator;

/// <summary>A whole cluster with the operator installed from its own manifests, a CPU node, a node that offers GPUs, and a model on a volume.</summary>
public sealed class OperatorCluster : IAsyncLifetime
{
    private LocalClusterHost _host = null!;
    private string _models = null!;

    public Kubernetes Client { get; private set; } = null!;

    public LocalClusterHost Host => _host;

    /// <summary>The host folder of a namespace's claim <c>models</c>.</summary>
    public string ModelFolder(string ns) => Path.Combine(_models, ns, "tiny");

    public async ValueTask InitializeAsync()
    {
        _host = await LocalClusterHost.StartAsync(new LocalClusterOptions
        {
            Images = new ImageTable().Add("leanserve/operator", Program("leanserve-operator")).Add("leanserve/server", Program("leanserve-server")),
            Nodes = [new LocalNodeOptions("cpu"), new LocalNodeOptions("gpu") { Gpus = new GpuOffer("NVIDIA-L4", 2, 23034) }],
        });
        Client = _host.ControlPlane.CreateClient();
        _models = Path.Combine(_host.ControlPlane.DataDirectory, "models");
        await KubectlAsync("apply", "--server-side", "-k", Path.Combine(Root(), "config/legacy"));
        await KubectlAsync("rollout", "status", "-n", "leanserve-system", "deployment/leanserve-operator", "--timeout=60s");
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    /// <summary>A namespace of its own for a test, with the claim <c>models</c> whose folder <c>tiny</c> holds a model.</summary>
    public async Task<string> NamespaceWithModelAsync(string name)
    {
        await Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } });
        var folder = Path.Combine(_models, name);
        await RunAsync(Program("leanserve"), null, ["model", "make", "--layers", "2", "--hidden-size", "64", "--context", "2048", "--out", Path.Combine(folder, "tiny")]);
        await ApplyAsync($$$"""
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: models-{{{name}}}}
            spec:
              capacity: {storage: 1Gi}
              accessModes: [ReadWriteOnce]
              claimRef: {namespace: {{{name}}}, name: models}
              hostPath: {path: {{{folder}}}}
            ---
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: models, namespace: {{{name}}}}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi} } }
            """);
        return name;
    }

    public Task ApplyAsync(string manifest) => RunKubectlAsync(manifest, ["apply", "-f", "-"]);

    public Task<string> KubectlAsync(params string[] arguments) => RunKubectlAsync(null, arguments);

    /// <summary>What <c>leanserve plan --cluster -o json</c> prints for a manifest.</summary>
    public async Task<string> PlanAsync(string manifest)
    {
        var file = Path.Combine(_host.ControlPlane.DataDirectory, $"{Guid.NewGuid()}.yaml");
        await File.WriteAllTextAsync(file, manifest);
        return await RunAsync("env", null, [$"KUBECONFIG={_host.ControlPlane.KubeconfigPath}", Program("leanserve"), "plan", "-f", file, "--cluster", "-o", "json"]);
    }

    public async Task<LlmDeployment> GetAsync(string ns, string name) => KubernetesJson.Deserialize<LlmDeployment>(
        (await Client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>(LlmDeployment.Group, LlmDeployment.Version, ns, LlmDeployment.Plural, name)).GetRawText());

    /// <summary>Waits until the resource, as it is now, looks as the test expects; fails with its conditions if it never does.</summary>
    public async Task<LlmDeployment> WaitAsync(string ns, string name, Func<LlmDeployment, bool> expected, int seconds = 30)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            var now = await GetAsync(ns, name);
            if (now.Status.ObservedGeneration == now.Metadata.Generation && expected(now))
            {
                return now;
            }

            Assert.True(Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds, $"Not so after {seconds} s:\n{Conditions(now)}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public static bool Is(LlmDeployment resource, string type, string status, string? reason = null) =>
        resource.Status.Conditions?.Any(c => c.Type == type && c.Status == status && (reason is null || c.Reason == reason)) == true;

    public static string Message(LlmDeployment resource, string type) => resource.Status.Conditions!.Single(c => c.Type == type).Message;

    /// <summary>Whether an object is gone.</summary>
    public static async Task<bool> IsGoneAsync(Func<Task> read)
    {
        try
        {
            await read();
            return false;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return true;
        }
    }

    private static string Conditions(LlmDeployment resource) =>
        $"hash {resource.Status.Observed?.KnowledgeHash}, {resource.Status.Observed?.KnowledgeTokens} tokens, {resource.Status.Strategy?.Summary}\n" + string.Join('\n', (resource.Status.Conditions ?? []).Select(c => $"{c.Type} {c.Status} {c.Reason}: {c.Message}"));

    private Task<string> RunKubectlAsync(string? input, string[] arguments) =>
        RunAsync("kubectl", input, [.. arguments, "--kubeconfig", _host.ControlPlane.KubeconfigPath]);

    private static async Task<string> RunAsync(string program, string? input, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}{output}");
        return output;
    }

    private static string Program(string name) => Path.Combine(AppContext.BaseDirectory, name);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Operator.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
