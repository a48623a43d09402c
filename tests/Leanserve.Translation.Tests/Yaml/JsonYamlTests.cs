using System.Text.Json.Nodes;
using CsCheck;
using Leanserve.Translation.Yaml;
using YamlDotNet.RepresentationModel;

namespace Leanserve.Translation.Tests.Yaml;

public sealed class JsonYamlTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 12],
        Gen.OneOfConst("", "true", "No", "on", "~", "null", "1", "-", "- a", "a: b", "a #b", "a:", " a", "a ", "1e3", "0x1", "line\nbreak", "tab\t", "ünïcode", "{}", "[", "'", "\"", "\\", "?", "@", "%", "&a", "*a", "!x", "|", ">", ".5", "=", "<<"));

    private static readonly Gen<JsonNode?> Nodes = Gen.Recursive<JsonNode?>((depth, self) =>
    {
        var scalars = Gen.OneOf(
            Texts.Select(text => (JsonNode?)JsonValue.Create(text)),
            Gen.Long.Select(number => (JsonNode?)JsonValue.Create(number)),
            Gen.Bool.Select(truth => (JsonNode?)JsonValue.Create(truth)),
            Gen.Const((JsonNode?)null));
        return depth > 3
            ? scalars
            : Gen.OneOf(
                scalars,
                self.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])),
                Gen.Select(Texts, self).Array[0, 4].Select(members => (JsonNode?)new JsonObject(
                    members.DistinctBy(member => member.Item1).Select(member => KeyValuePair.Create(member.Item1, member.Item2?.DeepClone())))));
    });

    [Fact]
    public void Write_AnyJson_ReadsBackTheSame() => Nodes.Sample(node =>
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(JsonYaml.Write(node)));
        return JsonNode.DeepEquals(new PositionedJson(yaml.Documents[0].RootNode).Root, node);
    });

    [Fact]
    public void Write_ListInMap_IsReadable()
    {
        var json = JsonNode.Parse("""{"a": [{"b": 1, "c": [[], [2]]}], "d": {}}""");

        Assert.Equal("a:\n- b: 1\n  c:\n  - []\n  - - 2\nd: {}\n", JsonYaml.Write(json));
    }
}
