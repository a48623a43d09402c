using System.Net.Http.Headers;
using System.Text;
using k8s;
using LocalCluster.ControlPlane;

namespace Integration.Tests.Resource;

/// <summary>A real API server that serves the generated CustomResourceDefinition; manifests are sent as they stand in their files.</summary>
public sealed class ResourceApi : IAsyncLifetime
{
    private const string Crd = "apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private LocalControlPlane _plane = null!;
    private Kubernetes _client = null!;

    public static string Root { get; } = FindRoot();

    public async ValueTask InitializeAsync()
    {
        _plane = await LocalControlPlane.StartAsync(new LocalControlPlaneOptions());
        _client = _plane.CreateClient();
        string crd = await File.ReadAllTextAsync(Path.Combine(Root, "crds/leanserve.io_llmdeployments.yaml"));
        var (accepted, answer) = await SendAsync(HttpMethod.Post, Crd, crd, "application/yaml");
        Assert.True(accepted, answer);
        await LocalCluster.Eventually.TrueAsync(async () => (await DryRunAsync("handbook.yaml", text => text)).Accepted, TimeSpan.FromSeconds(15));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _plane.DisposeAsync();
    }

    /// <summary>Server-side apply of a sample's LlmDeployment, dry run, after a change of its text.</summary>
    public Task<(bool Accepted, string Answer)> DryRunAsync(string sample, Func<string, string> change)
    {
        string file = change(File.ReadAllText(Path.Combine(Root, "config/samples", sample)));
        string document = file.Split("\n---\n").Single(text => text.Contains("kind: LlmDeployment", StringComparison.Ordinal));
        string name = Path.GetFileNameWithoutExtension(sample);
        string path = $"apis/leanserve.io/v1alpha1/namespaces/default/llmdeployments/{name}?dryRun=All&fieldManager=test&force=true";
        return SendAsync(HttpMethod.Patch, path, document, "application/apply-patch+yaml");
    }

    private async Task<(bool Accepted, string Answer)> SendAsync(HttpMethod method, string path, string body, string type)
    {
        using var request = new HttpRequestMessage(method, new Uri(_client.BaseUri, path)) { Content = new StringContent(body, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var response = await _client.HttpClient.SendAsync(request);
        return (response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Operator.sln.");
        }

        return folder.FullName;
    }
}
