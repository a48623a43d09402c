using System.Net;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>What a user does to widgets in one namespace, by the Kubernetes client's own means.</summary>
public sealed class WidgetClient(IKubernetes client, string ns)
{
    private const string Group = "test.leanserve.io";

    public string Namespace => ns;

    public async Task<Widget> CreateAsync(string name, int size = 0, IDictionary<string, string>? labels = null, IList<string>? finalizers = null)
    {
        var widget = Widget.Named(ns, name, size, labels);
        widget.Metadata.Finalizers = finalizers;
        return await client.CustomObjects.CreateNamespacedCustomObjectAsync<Widget>(widget, Group, "v1", ns, "widgets");
    }

    public Task ResizeAsync(string name, int size) => MergeAsync(name, new JsonObject { ["spec"] = new JsonObject { ["size"] = size } });

    public Task LabelAsync(string name, string label, string? value)
        => MergeAsync(name, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [label] = value } } });

    public async Task MergeAsync(string name, JsonObject patch)
        => await client.CustomObjects.PatchNamespacedCustomObjectAsync(
            new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), Group, "v1", ns, "widgets", name);

    public async Task MergeStatusAsync(string name, JsonObject status)
        => await client.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
            new V1Patch(new JsonObject { ["status"] = status }.ToJsonString(), V1Patch.PatchType.MergePatch), Group, "v1", ns, "widgets", name);

    public async Task DeleteAsync(string name)
        => await client.CustomObjects.DeleteNamespacedCustomObjectAsync(Group, "v1", ns, "widgets", name);

    public async Task<JsonObject?> GetJsonAsync(string name)
    {
        try
        {
            var found = await client.CustomObjects.GetNamespacedCustomObjectAsync(Group, "v1", ns, "widgets", name);
            return JsonNode.Parse(KubernetesJson.Serialize(found))!.AsObject();
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task<Widget?> GetAsync(string name)
        => await GetJsonAsync(name) is { } json ? KubernetesJson.Deserialize<Widget>(json.ToJsonString()) : null;
}
