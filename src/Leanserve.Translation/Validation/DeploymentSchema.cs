using System.Text.Json.Nodes;
using Leanserve.Translation.Yaml;
using YamlDotNet.RepresentationModel;

namespace Leanserve.Translation.Validation;

/// <summary>The schema that the API server enforces, read from the CustomResourceDefinition that is built into this assembly.</summary>
public static class DeploymentSchema
{
    /// <summary>The OpenAPI v3 schema of an <see cref="Api.LlmDeployment"/>.</summary>
    public static JsonObject Root { get; } = Load()["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!.AsObject();

    private static JsonNode Load()
    {
        using var stream = typeof(DeploymentSchema).Assembly.GetManifestResourceStream("crd.yaml")
            ?? throw new InvalidOperationException("The assembly lacks its resource crd.yaml.");
        using var reader = new StreamReader(stream);
        var yaml = new YamlStream();
        yaml.Load(reader);
        return new PositionedJson(yaml.Documents[0].RootNode).Root!;
    }
}
