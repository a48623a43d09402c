using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Leanserve.Translation.Yaml;

/// <summary>One YAML document as JSON that remembers where each field stood.</summary>
internal sealed class PositionedJson
{
    // Aliases let a few bytes of YAML stand for millions of nodes; no manifest has that many.
    private const int MostNodes = 100_000;

    private readonly Dictionary<string, Mark> _marks = [];
    private int _nodes;

    /// <summary>Converts a document.</summary>
    /// <exception cref="YamlException">The document has keys that are no strings, or more than 100,000 nodes.</exception>
    public PositionedJson(YamlNode root) => Root = Convert(root, "");

    public JsonNode? Root { get; }

    /// <summary>Where a field stands: the field itself, or its nearest parent that is there.</summary>
    public Mark MarkOf(string path)
    {
        while (path.Length > 0 && !_marks.ContainsKey(path))
        {
            var end = path.LastIndexOfAny(['.', '[']);
            path = end < 0 ? "" : path[..end];
        }

        return _marks[path];
    }

    private JsonNode? Convert(YamlNode node, string path)
    {
        if (++_nodes > MostNodes)
        {
            throw new YamlException(node.Start, node.End, $"The document has more than {MostNodes} nodes");
        }

        _marks.TryAdd(path, node.Start);
        return node switch
        {
            YamlMappingNode map => ConvertMap(map, path),
            YamlSequenceNode list => new JsonArray([.. list.Select((item, index) => Convert(item, FieldPath.Item(path, index)))]),
            YamlScalarNode scalar => YamlScalar.ToJson(scalar),
            _ => throw new YamlException(node.Start, node.End, "An alias points to nothing"),
        };
    }

    private JsonObject ConvertMap(YamlMappingNode map, string path)
    {
        var json = new JsonObject();
        foreach (var (key, value) in map)
        {
            if (key is not YamlScalarNode { Value: { } name })
            {
                throw new YamlException(key.Start, key.End, "A key must be a string");
            }

            var child = FieldPath.Member(path, name);
            _marks.TryAdd(child, key.Start);
            json[name] = Convert(value, child);
        }

        return json;
    }
}
