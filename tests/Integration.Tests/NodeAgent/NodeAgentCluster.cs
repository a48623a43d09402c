using k8s;
using k8s.Autorest;
using k8s.Models;
using LocalCluster;
using LocalCluster.NodeAgents;

namespace Integration.Tests.NodeAgent;

/// <summary>One cluster for all tests of the node agent: a plain node and one that offers GPUs; each test has a namespace of its own.</summary>
public sealed class NodeAgentCluster : IAsyncLifetime
{
    public const string PlainNode = "plain";
    public const string GpuNode = "gpu";
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(50);
    private int _namespaces;

    public LocalClusterHost Host { get; private set; } = null!;

    public Kubernetes Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var images = new ImageTable().Add("shell", "/bin/bash").Add("greeter", "/bin/bash", "-c", "echo hello");
        Host = await LocalClusterHost.StartAsync(new LocalClusterOptions
        {
            Images = images,
            Nodes = [new LocalNodeOptions(PlainNode), new LocalNodeOptions(GpuNode) { Gpus = new GpuOffer("NVIDIA-L4", 2, 23034) }]
        });
        Client = Host.ControlPlane.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
    }

    public async Task<string> CreateNamespaceAsync()
    {
        var name = $"agent-{Interlocked.Increment(ref _namespaces)}";
        await Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } });
        return name;
    }

    /// <summary>Creates a pod, waiting for the namespace's ServiceAccount, without which it is not admitted.</summary>
    public async Task<V1Pod> CreatePodAsync(string podNamespace, V1Pod pod)
    {
        while (true)
        {
            try
            {
                return await Client.CoreV1.CreateNamespacedPodAsync(pod, podNamespace);
            }
            catch (HttpOperationException exception) when (exception.Response.Content.Contains("serviceaccount", StringComparison.Ordinal))
            {
                await Task.Delay(PollPeriod, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Reads a pod until it meets the condition; fails with its last state when that takes too long.</summary>
    public async Task<V1Pod> WaitForPodAsync(string podNamespace, string name, Func<V1Pod, bool> condition)
    {
        V1Pod? pod = null;
        var met = await EventuallyAsync(async () =>
        {
            pod = await Client.CoreV1.ReadNamespacedPodAsync(name, podNamespace);
            return condition(pod);
        });
        Assert.True(met, $"not within {Patience}: {KubernetesYaml.Serialize(pod!.Status)}\n{await DescribeEventsAsync(podNamespace)}");
        return pod;
    }

    /// <summary>Waits for an event about a pod.</summary>
    public async Task<Corev1Event> WaitForEventAsync(string podNamespace, string pod, string reason, string text)
    {
        Corev1Event? found = null;
        var met = await EventuallyAsync(async () =>
        {
            var events = await Client.CoreV1.ListNamespacedEventAsync(podNamespace);
            found = events.Items.FirstOrDefault(candidate =>
                candidate.InvolvedObject.Name == pod && candidate.Reason == reason && candidate.Message.Contains(text, StringComparison.Ordinal));
            return found is not null;
        });
        Assert.True(met, $"no event {reason} with '{text}' within {Patience}:\n{await DescribeEventsAsync(podNamespace)}");
        return found!;
    }

    /// <summary>Reads a container's log until it holds the text.</summary>
    public async Task<string> WaitForLogAsync(string podNamespace, string pod, string text, bool previous = false)
    {
        var log = "";
        var met = await EventuallyAsync(async () =>
        {
            try
            {
                log = await ReadLogAsync(podNamespace, pod, previous);
            }
            catch (HttpOperationException)
            {
                // The container has not been created yet.
            }

            return log.Contains(text, StringComparison.Ordinal);
        });
        Assert.True(met, $"no '{text}' within {Patience} in the log: {log}");
        return log;
    }

    public async Task<string> ReadLogAsync(string podNamespace, string pod, bool previous = false, int? tailLines = null)
    {
        await using var stream = await Client.CoreV1.ReadNamespacedPodLogAsync(pod, podNamespace, previous: previous, tailLines: tailLines);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    public static async Task<bool> EventuallyAsync(Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                return false;
            }

            await Task.Delay(PollPeriod, TestContext.Current.CancellationToken);
        }

        return true;
    }

    private async Task<string> DescribeEventsAsync(string podNamespace) => string.Join('\n',
        (await Client.CoreV1.ListNamespacedEventAsync(podNamespace)).Items.Select(entry => $"{entry.Type} {entry.Reason} {entry.InvolvedObject.Name}: {entry.Message}"));
}
