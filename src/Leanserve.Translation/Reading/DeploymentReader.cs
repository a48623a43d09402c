using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using Leanserve.Api;
using Leanserve.Translation.Validation;
using Leanserve.Translation.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Leanserve.Translation.Reading;

/// <summary>
/// Reads a file of YAML (or JSON) manifests: deployments, and the ConfigMaps beside them; other kinds are passed over.
/// What the API server would refuse is reported with file and line, everything at once.
/// </summary>
public sealed class DeploymentReader
{
    private readonly string _file;
    private readonly List<ReadDeployment> _deployments = [];
    private readonly List<ReadConfigMap> _configMaps = [];
    private readonly List<Violation> _violations = [];

    private DeploymentReader(string file) => _file = file;

    /// <summary>Reads <paramref name="text"/>; <paramref name="fileName"/> stands in the positions.</summary>
    public static ManifestFile Read(string text, string fileName)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new DeploymentReader(fileName);
        reader.ReadAll(text);
        return new ManifestFile { Deployments = reader._deployments, ConfigMaps = reader._configMaps, Violations = reader._violations };
    }

    private void ReadAll(string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            AddYamlFault(exception, yaml.Documents.Count + 1);
        }

        for (var index = 0; index < yaml.Documents.Count; index++)
        {
            ReadDocument(yaml.Documents[index].RootNode, index + 1);
        }

        if (_deployments.Count == 0 && _violations.Count == 0)
        {
            _violations.Add(new Violation("", null, $"there is no {LlmDeployment.KindName} in the file", $"Add one with apiVersion: {LlmDeployment.Group}/{LlmDeployment.Version}")
            {
                Position = new SourcePosition(_file, 1, 1, 1),
            });
        }
    }

    private void ReadDocument(YamlNode node, int document)
    {
        try
        {
            var json = new PositionedJson(node);
            var kind = json.Root is JsonObject root && root["kind"] is JsonValue value ? value.ToString() : null;
            if (kind == LlmDeployment.KindName)
            {
                ReadDeployment(json, document);
            }
            else if (kind == "ConfigMap")
            {
                ReadConfigMap(json.Root!.AsObject());
            }
            else if (kind is null && json.Root is not null)
            {
                Add(new Violation("kind", null, "the document has no kind", $"Add kind: {LlmDeployment.KindName}"), json, document);
            }
        }
        catch (YamlException exception)
        {
            AddYamlFault(exception, document);
        }
    }

    private void ReadDeployment(PositionedJson json, int document)
    {
        var root = json.Root!.AsObject();
        var known = root.DeepClone().AsObject();
        var findings = SchemaValidator.Validate(known, DeploymentSchema.Root);
        var violations = new List<Violation>([.. Identity(root), .. findings.Violations]);
        var deployment = Parse(known, findings.Offending);
        violations.AddRange(deployment is null ? [] : LlmDeploymentRules.Check(deployment));
        if (violations.Count == 0)
        {
            _deployments.Add(new ReadDeployment(deployment!, Position(json, "", document)));
        }

        foreach (var violation in violations.OrderBy(violation => json.MarkOf(violation.Path).Line))
        {
            Add(violation, json, document);
        }
    }

    private static IEnumerable<Violation> Identity(JsonObject root)
    {
        const string Version = $"{LlmDeployment.Group}/{LlmDeployment.Version}";
        if (root["apiVersion"]?.ToString() is var version && version != Version)
        {
            yield return new Violation("apiVersion", version, $"is not the version of a {LlmDeployment.KindName}", $"Write {Version}");
        }

        if (root["metadata"] is not JsonObject metadata || metadata["name"] is not JsonValue)
        {
            yield return new Violation("metadata.name", null, "is required and missing", "Give the deployment a name");
        }
    }

    // Without the values that broke the schema, so that the rules between the other fields are still checked.
    private static LlmDeployment? Parse(JsonObject json, IReadOnlyList<JsonNode> offending)
    {
        foreach (var node in offending)
        {
            (node.Parent as JsonObject)?.Remove(node.GetPropertyName());
        }

        try
        {
            return KubernetesJson.Deserialize<LlmDeployment>(json.ToJsonString());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void ReadConfigMap(JsonObject root)
    {
        if (root["metadata"]?["name"] is JsonValue name && root["data"] is JsonObject data)
        {
            _configMaps.Add(new ReadConfigMap(
                root["metadata"]!["namespace"]?.ToString(), name.ToString(), data.ToDictionary(entry => entry.Key, entry => entry.Value?.ToString() ?? "")));
        }
    }

    private void AddYamlFault(YamlException exception, int document) =>
        _violations.Add(new Violation("", null, $"this is no YAML: {exception.Message.TrimEnd('.')}", "Correct the line; indent with blanks, not tabs")
        {
            Position = new SourcePosition(_file, document, exception.Start.Line, exception.Start.Column),
        });

    private void Add(Violation violation, PositionedJson json, int document) =>
        _violations.Add(violation with { Position = Position(json, violation.Path, document) });

    private SourcePosition Position(PositionedJson json, string path, int document)
    {
        var mark = json.MarkOf(path);
        return new SourcePosition(_file, document, mark.Line, mark.Column);
    }
}
