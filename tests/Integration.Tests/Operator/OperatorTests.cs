using System.ClientModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Leanserve.Api;
using Leanserve.Operator.Observe;
using OpenAI;
using OpenAI.Chat;

namespace Integration.Tests.Operator;

/// <summary>The main job on a real control plane: the operator runs as a pod, by its own ServiceAccount and the RBAC that it ships.</summary>
public sealed class OperatorTests(OperatorCluster cluster) : IClassFixture<OperatorCluster>
{
    private const string Geometry = "{parameters: 200000, layers: 2, hiddenSize: 64, attentionHeads: 4, keyValueHeads: 2, headSize: 32, intermediateSize: 256, vocabularySize: 512, maxContextTokens: 2048, weightBits: 32}";

    [Fact]
    public async Task Apply_ModelOnAVolume_IsPlannedAndServesAndGoesWithoutATrace()
    {
        var ns = await cluster.NamespaceWithModelAsync("serves");
        var begun = Stopwatch.GetTimestamp();
        await cluster.ApplyAsync(Deployment(ns, "quick"));
        await cluster.WaitAsync(ns, "quick", d => OperatorCluster.Is(d, ConditionTypes.Planned, "True"));
        var planned = Stopwatch.GetElapsedTime(begun);
        var ready = await cluster.WaitAsync(ns, "quick", Ready);
        Assert.True(planned < TimeSpan.FromSeconds(2), $"Planned after {planned.TotalSeconds:0.0} s");
        Assert.Equal("Dense", ready.Status.Strategy!.Knowledge);
        Assert.Equal(1, ready.Status.ReadyReplicas);
        Assert.NotEmpty(ready.Status.Candidates!);
        Assert.Equal($"http://quick.{ns}.svc:8080/v1", ready.Status.Endpoint);
        Assert.NotEmpty(await AskAsync(ns, "quick"));

        await cluster.KubectlAsync("delete", "llmd", "quick", "-n", ns);
        await EventuallyAsync(async () => (await LeftoversAsync(ns)).Count == 0, 40);
    }

    [Fact]
    public async Task Edit_TrafficObjectivesAndDocuments_PlansAnew()
    {
        var ns = await cluster.NamespaceWithModelAsync("edits");
        await cluster.ApplyAsync(ConfigMap(ns, "The office closes at 19:00."));
        await cluster.ApplyAsync(Deployment(ns, "edited", knowledge: "{sources: [{name: handbook, configMapRef: {name: handbook}}]}"));
        var first = await cluster.WaitAsync(ns, "edited", d => Ready(d) && OperatorCluster.Is(d, ConditionTypes.KnowledgeCurrent, "True"));

        await cluster.KubectlAsync("patch", "llmd", "edited", "-n", ns, "--type=merge", "-p", """{"spec":{"traffic":{"outputTokens":64}}}""");
        var slots = first.Status.Plan!.KvSlots;
        await cluster.WaitAsync(ns, "edited", d => d.Status.Plan?.KvSlots > slots);

        await cluster.KubectlAsync("patch", "llmd", "edited", "-n", ns, "--type=merge", "-p", """{"spec":{"objectives":{"answerQuality":"RequireExact"}}}""");
        await cluster.WaitAsync(ns, "edited", d => d.Status.Strategy?.Decoding == "BeamSearch");

        await cluster.ApplyAsync(ConfigMap(ns, "The office closes at 20:30 from May on."));
        var last = await cluster.WaitAsync(ns, "edited", d => d.Status.Observed?.KnowledgeHash is { } hash && hash != first.Status.Observed!.KnowledgeHash && hash != "unmeasured"
            && OperatorCluster.Is(d, ConditionTypes.KnowledgeCurrent, "True") && Ready(d), 60);
        Assert.True(last.Status.Observed!.KnowledgeTokens > first.Status.Observed!.KnowledgeTokens);
    }

    [Fact]
    public async Task Documents_EditedWithinThePlan_AreAnsweredFromByTheSamePod()
    {
        var ns = await cluster.NamespaceWithModelAsync("refreshes");
        await cluster.ApplyAsync(ConfigMap(ns, "The office closes at 19:00."));
        await cluster.ApplyAsync(Deployment(ns, "kept", knowledge: "{sources: [{name: handbook, configMapRef: {name: handbook}}]}"));
        var first = await cluster.WaitAsync(ns, "kept", d => Ready(d) && OperatorCluster.Is(d, ConditionTypes.KnowledgeCurrent, "True"));
        var before = await PodAsync(ns, "kept");

        await cluster.ApplyAsync(ConfigMap(ns, "The office closes at 20:30."));
        await cluster.WaitAsync(ns, "kept", d => d.Status.Observed?.KnowledgeHash is { } hash && hash != first.Status.Observed!.KnowledgeHash && hash != "unmeasured"
            && OperatorCluster.Is(d, ConditionTypes.KnowledgeCurrent, "True") && Ready(d), 60);

        var after = await PodAsync(ns, "kept");
        Assert.Equal(before.Metadata.Uid, after.Metadata.Uid);
        Assert.Equal(0, after.Status.ContainerStatuses[0].RestartCount);
        Assert.Equal(1, (await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync("kept", ns)).Metadata.Generation);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Snapshots_OnAVolume_SpareTheNextPodTheDocuments()
    {
        var ns = await cluster.NamespaceWithModelAsync("snapshots");
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(cluster.ModelFolder(ns))!, "cache")).FullName;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        await cluster.ApplyAsync(ConfigMap(ns, "The office closes at 19:00."));
        await cluster.ApplyAsync(
            Deployment(ns, "cached", knowledge: "{sources: [{name: handbook, configMapRef: {name: handbook}}], snapshots: {claimName: models, path: cache}}") + "\n  strategy: {knowledge: Cag}\n");
        await cluster.WaitAsync(ns, "cached", Ready);
        await EventuallyAsync(() => Task.FromResult(Directory.GetFiles(folder, "*.kv", SearchOption.AllDirectories).Length == 1), 10);
        var first = await PodAsync(ns, "cached");
        Assert.True(await PrefilledTokensAsync(first) > 20);

        // The resource's status still tells of the deleted pod for a moment.
        await cluster.KubectlAsync("delete", "pod", first.Metadata.Name, "-n", ns);
        await EventuallyAsync(
            async () => await PodsAsync(ns, "cached") is [{ Status.Conditions: { } conditions }] && conditions.Any(condition => condition is { Type: "Ready", Status: "True" }), 40);
        Assert.Equal(0, await PrefilledTokensAsync(await PodAsync(ns, "cached")));
    }

    [Fact]
    public async Task Child_DeletedOrChanged_IsRepairedWithinFiveSeconds()
    {
        var ns = await cluster.NamespaceWithModelAsync("repairs");
        await cluster.ApplyAsync(Deployment(ns, "kept"));
        await cluster.WaitAsync(ns, "kept", Ready);

        await cluster.KubectlAsync("delete", "service", "kept", "-n", ns, "--wait=false");
        await EventuallyAsync(async () => !await OperatorCluster.IsGoneAsync(() => cluster.Client.CoreV1.ReadNamespacedServiceAsync("kept", ns)), 5);
        await cluster.KubectlAsync("scale", "deployment/kept", "-n", ns, "--replicas=0");
        await EventuallyAsync(async () => (await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync("kept", ns)).Spec.Replicas == 1, 5);
        await cluster.KubectlAsync("delete", "configmap", "kept-runtime", "-n", ns, "--wait=false");
        await EventuallyAsync(async () => !await OperatorCluster.IsGoneAsync(() => cluster.Client.CoreV1.ReadNamespacedConfigMapAsync("kept-runtime", ns)), 5);
    }

    [Fact]
    public async Task Pod_ThatCrashes_MakesReadyFalseInItsOwnWordsWithinTenSeconds()
    {
        var ns = await cluster.NamespaceWithModelAsync("crashes");
        await cluster.ApplyAsync(Deployment(ns, "broken"));
        await cluster.WaitAsync(ns, "broken", Ready);

        await File.WriteAllTextAsync(Path.Combine(cluster.ModelFolder(ns), "model.onnx"), "not a model", TestContext.Current.CancellationToken);
        await cluster.KubectlAsync("delete", "pod", "-n", ns, "-l", "app.kubernetes.io/instance=broken", "--wait=false");
        var failed = await cluster.WaitAsync(ns, "broken", d => OperatorCluster.Is(d, ConditionTypes.Ready, "False") && OperatorCluster.Message(d, ConditionTypes.Ready).Contains("model.onnx", StringComparison.Ordinal), 10);
        Assert.Contains("model.onnx", OperatorCluster.Message(failed, ConditionTypes.WorkloadAvailable), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_ThatCannotBeRead_IsAConditionWithTheFault()
    {
        var ns = await cluster.NamespaceWithModelAsync("unreadable");
        await File.WriteAllTextAsync(Path.Combine(cluster.ModelFolder(ns), "model.onnx"), "not a model", TestContext.Current.CancellationToken);
        await cluster.ApplyAsync(Deployment(ns, "unreadable"));
        var refused = await cluster.WaitAsync(ns, "unreadable", d => OperatorCluster.Is(d, ConditionTypes.ModelAvailable, "False", "InspectionFailed"));
        Assert.Contains("model.onnx", OperatorCluster.Message(refused, ConditionTypes.Ready), StringComparison.Ordinal);
        Assert.True(OperatorCluster.Is(refused, ConditionTypes.Ready, "False", "InspectionFailed"));
    }

    [Fact]
    public async Task Sources_Missing_AreConditionsAndArePickedUpWhenTheyAppear()
    {
        var ns = await cluster.NamespaceWithModelAsync("missing");
        await cluster.ApplyAsync(Deployment(ns, "late", knowledge: "{sources: [{name: handbook, configMapRef: {name: handbook}}], tokens: 200}"));
        await cluster.WaitAsync(ns, "late", d => OperatorCluster.Is(d, ConditionTypes.Ready, "False", "ConfigMapNotFound") && OperatorCluster.Is(d, ConditionTypes.Planned, "True"));
        await cluster.ApplyAsync(Deployment(ns, "nowhere").Replace("claimName: models", "claimName: none", StringComparison.Ordinal));
        await cluster.WaitAsync(ns, "nowhere", d => OperatorCluster.Is(d, ConditionTypes.Ready, "False", "PersistentVolumeClaimNotFound"));

        await cluster.ApplyAsync(ConfigMap(ns, "The office closes at 19:00."));
        await cluster.WaitAsync(ns, "late", Ready);
    }

    [Fact]
    public async Task Assumptions_OfAConfigMap_MissingWrongAndCorrected_AreToldAndReplanned()
    {
        var ns = await cluster.NamespaceWithModelAsync("assumptions");
        await cluster.ApplyAsync(Deployment(ns, "assumed") + "\n  assumptionsFrom: [{configMapRef: {name: constants}}]\n  assumptions: {ImageOperationsHours: \"3\"}\n");
        var missing = await cluster.WaitAsync(ns, "assumed", d => OperatorCluster.Is(d, ConditionTypes.AssumptionsResolved, "False", "ConfigMapNotFound"));
        Assert.Contains("\"constants\"", OperatorCluster.Message(missing, ConditionTypes.Ready), StringComparison.Ordinal);

        await cluster.ApplyAsync(Constants(ns, "{ContainerOperationHours: \"2\", ImageAdoptionHours: many}"));
        var wrong = await cluster.WaitAsync(ns, "assumed", d => OperatorCluster.Is(d, ConditionTypes.AssumptionsResolved, "False", "InvalidAssumptions"));
        Assert.Contains("ContainerOperationsHours", OperatorCluster.Message(wrong, ConditionTypes.AssumptionsResolved), StringComparison.Ordinal);
        Assert.Contains("\"many\"", OperatorCluster.Message(wrong, ConditionTypes.AssumptionsResolved), StringComparison.Ordinal);

        await cluster.ApplyAsync(Constants(ns, "{ContainerOperationsHours: \"2\", ImageOperationsHours: \"50\"}"));
        var first = await cluster.WaitAsync(ns, "assumed", Ready);
        Assert.Equal("Other than documented: ContainerOperationsHours = 2, ImageOperationsHours = 3.", OperatorCluster.Message(first, ConditionTypes.AssumptionsResolved));

        await cluster.ApplyAsync(Constants(ns, "{ContainerOperationsHours: \"200\"}"));
        var second = await cluster.WaitAsync(ns, "assumed", d => d.Status.Oae?.OperationsHoursPerMonth is { } hours && hours != first.Status.Oae!.OperationsHoursPerMonth);
        Assert.True(Hours(second) - Hours(first) > 198, $"{Hours(first)} hours a month, then {Hours(second)}");
    }

    [Fact]
    public async Task PlanCommand_WithCluster_TakesNodesDocumentsAndConstantsFromIt()
    {
        var ns = await cluster.NamespaceWithModelAsync("commanded");
        await cluster.ApplyAsync(ConfigMap(ns, string.Concat(Enumerable.Repeat("The office closes at 19:00. ", 20))));
        await cluster.ApplyAsync(Constants(ns, "{RetrievedPassages: \"7\"}"));
        var manifest = Deployment(ns, "asked", gpu: "L4", knowledge: "{sources: [{name: handbook, configMapRef: {name: handbook}}]}") + "\n  assumptionsFrom: [{configMapRef: {name: constants}}]\n";
        var plan = JsonNode.Parse(await cluster.PlanAsync(manifest))![0]!;
        Assert.Equal(140, (int)plan["inputs"]!["knowledge"]!["tokens"]!);
        Assert.Equal(7, (int)plan["inputs"]!["assumptions"]!["RetrievedPassages"]!);
        Assert.Equal(23034L << 20, (long)plan["inputs"]!["node"]!["memoryBytes"]!);
        Assert.Contains(plan["notes"]!.AsArray(), note => note!.ToString().Contains("1 matching node: gpu", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gpu_OfUnknownName_IsRefusedWithTheKnownOnes()
    {
        var ns = await cluster.NamespaceWithModelAsync("unknown");
        await cluster.ApplyAsync(Deployment(ns, "exotic", gpu: "Z9000"));
        var refused = await cluster.WaitAsync(ns, "exotic", d => OperatorCluster.Is(d, ConditionTypes.Planned, "False", "InvalidSpec"));
        Assert.Contains("Z9000", OperatorCluster.Message(refused, ConditionTypes.Planned), StringComparison.Ordinal);
        Assert.Contains("H100-SXM", OperatorCluster.Message(refused, ConditionTypes.Planned), StringComparison.Ordinal);
        Assert.Contains("capacity", OperatorCluster.Message(refused, ConditionTypes.Planned), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gpu_OfTheCatalogue_IsRequestedAndScheduledOntoItsNode()
    {
        var ns = await cluster.NamespaceWithModelAsync("onagpu");
        await cluster.ApplyAsync(Deployment(ns, "accelerated", gpu: "L4"));
        await cluster.WaitAsync(ns, "accelerated", d => d.Status.Endpoint is not null);
        V1Pod? pod = null;
        await EventuallyAsync(async () => (pod = (await cluster.Client.CoreV1.ListNamespacedPodAsync(ns, labelSelector: "app.kubernetes.io/name=leanserve-server")).Items.FirstOrDefault())?.Spec.NodeName is not null, 15);
        Assert.Equal("gpu", pod!.Spec.NodeName);
        Assert.Equal("1", pod.Spec.Containers[0].Resources.Limits["nvidia.com/gpu"].ToString());
        var term = Assert.Single(pod.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms);
        Assert.Equal(["NVIDIA-L4"], Assert.Single(term.MatchExpressions).Values);

        // The runtime of this machine is built without CUDA; what its pod says reaches the user.
        var told = await cluster.WaitAsync(ns, "accelerated", d => OperatorCluster.Is(d, ConditionTypes.Ready, "False") && OperatorCluster.Message(d, ConditionTypes.Ready).Contains("CUDA", StringComparison.OrdinalIgnoreCase));
        Assert.True(OperatorCluster.Is(told, ConditionTypes.NodeAvailable, "True"));
    }

    [Fact]
    public async Task Manifest_ThatBreaksTheSchema_IsRefusedByTheApiServer()
    {
        var ns = await cluster.NamespaceWithModelAsync("refused");
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => cluster.ApplyAsync(Deployment(ns, "bad").Replace("queriesPerSecond: \"0.5\"", "queriesPerSecond: \"many\"", StringComparison.Ordinal)));
        Assert.Contains("spec.traffic.queriesPerSecond", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operator_ByItsServiceAccount_MayNotReadSecretsOrDeleteNodes()
    {
        using var its = await cluster.Host.ControlPlane.CreateClientForAsync("leanserve-system", "leanserve-operator");
        var secrets = await Assert.ThrowsAsync<HttpOperationException>(() => its.CoreV1.ListSecretForAllNamespacesAsync());
        var nodes = await Assert.ThrowsAsync<HttpOperationException>(() => its.CoreV1.DeleteNodeAsync("cpu"));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, secrets.Response.StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, nodes.Response.StatusCode);
        var pod = Assert.Single((await cluster.Client.CoreV1.ListNamespacedPodAsync("leanserve-system")).Items);
        Assert.Equal("leanserve-operator", pod.Spec.ServiceAccountName);
    }

    private static bool Ready(LlmDeployment resource) => OperatorCluster.Is(resource, ConditionTypes.Ready, "True", "Serving");

    private static string Deployment(string ns, string name, string gpu = "None", string? knowledge = null)
    {
        var documents = knowledge is null ? "" : $"  knowledge: {knowledge}";
        return $$$"""
            apiVersion: leanserve.io/v1alpha1
            kind: LlmDeployment
            metadata: {name: {{{name}}}, namespace: {{{ns}}}}
            spec:
              model:
                source: {persistentVolumeClaim: {claimName: models, path: tiny}}
                geometry: {{{Geometry}}}
              node: {gpu: {{{gpu}}}}
              traffic: {queriesPerSecond: "0.5", promptTokens: 40, outputTokens: 16}
              objectives: {timeToFirstTokenMilliseconds: 4000, requestLatencyMilliseconds: 20000}
            {{{documents}}}
            """;
    }

    private static string ConfigMap(string ns, string text) => $$$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: handbook, namespace: {{{ns}}}}
        data: {office.md: "{{{text}}}"}
        """;

    private static string Constants(string ns, string data) => $$$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: constants, namespace: {{{ns}}}}
        data: {{{data}}}
        """;

    private static double Hours(LlmDeployment resource) => double.Parse(resource.Status.Oae!.OperationsHoursPerMonth, CultureInfo.InvariantCulture);

    private static async Task EventuallyAsync(Func<Task<bool>> condition, int seconds)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds, $"Still not so after {seconds} s.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private async Task<V1Pod> PodAsync(string ns, string name) => Assert.Single(await PodsAsync(ns, name));

    private async Task<IList<V1Pod>> PodsAsync(string ns, string name) =>
        (await cluster.Client.CoreV1.ListNamespacedPodAsync(ns, labelSelector: $"app.kubernetes.io/instance={name},app.kubernetes.io/name=leanserve-server")).Items;

    private static async Task<double> PrefilledTokensAsync(V1Pod pod)
    {
        using var client = new HttpClient();
        var page = await client.GetStringAsync($"http://{pod.Status.PodIP}:8080/metrics", TestContext.Current.CancellationToken);
        return PrometheusText.Sum(page, "leanserve_engine_prefilled_tokens_total") ?? 0;
    }

    // Pods' addresses are reachable from this host, so a client of the real SDK can be pointed straight at one.
    private async Task<string> AskAsync(string ns, string name)
    {
        var pod = (await cluster.Client.CoreV1.ListNamespacedPodAsync(ns, labelSelector: $"app.kubernetes.io/instance={name},app.kubernetes.io/name=leanserve-server")).Items[0];
        var client = new ChatClient(name, new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri($"http://{pod.Status.PodIP}:8080/v1") });
        var answer = await client.CompleteChatAsync([new UserChatMessage("Hello?")], new ChatCompletionOptions { MaxOutputTokenCount = 8 });
        return answer.Value.Content[0].Text;
    }

    private async Task<List<string>> LeftoversAsync(string ns) =>
    [
        .. (await cluster.Client.AppsV1.ListNamespacedDeploymentAsync(ns)).Items.Select(o => $"Deployment {o.Metadata.Name}"),
        .. (await cluster.Client.CoreV1.ListNamespacedServiceAsync(ns)).Items.Select(o => $"Service {o.Metadata.Name}"),
        .. (await cluster.Client.CoreV1.ListNamespacedPodAsync(ns)).Items.Select(o => $"Pod {o.Metadata.Name}"),
        .. (await cluster.Client.NetworkingV1.ListNamespacedNetworkPolicyAsync(ns)).Items.Select(o => $"NetworkPolicy {o.Metadata.Name}"),
        .. (await cluster.Client.CoreV1.ListNamespacedConfigMapAsync(ns)).Items.Where(o => o.Metadata.OwnerReferences is not null).Select(o => $"ConfigMap {o.Metadata.Name}"),
        .. (await cluster.Client.CoreV1.ListNamespacedServiceAccountAsync(ns)).Items.Where(o => o.Metadata.OwnerReferences is not null).Select(o => $"ServiceAccount {o.Metadata.Name}"),
    ];
}
