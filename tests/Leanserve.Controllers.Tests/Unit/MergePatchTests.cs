using System.Text.Json.Nodes;
using CsCheck;

namespace Leanserve.Controllers.Tests.Unit;

public sealed class MergePatchTests
{
    private static readonly Gen<JsonNode> Leaves = Gen.OneOf<JsonNode>(
        Gen.Int[0, 3].Select(i => (JsonNode)JsonValue.Create(i)),
        Gen.Bool.Select(b => (JsonNode)JsonValue.Create(b)),
        Gen.Int[0, 2].Array[0, 3].Select(a => (JsonNode)new JsonArray([.. a.Select(i => (JsonNode)JsonValue.Create(i))])));

    [Fact]
    public void Diff_AnyTwoObjects_TurnsTheOneIntoTheOther()
        => Gen.Select(Objects(3), Objects(3)).Sample((before, after) =>
        {
            var patch = MergePatch.Diff(before, after);
            return JsonNode.DeepEquals(Apply(before, patch ?? []), after) && (patch is null) == JsonNode.DeepEquals(before, after);
        });

    [Fact, Trait("Case", "25")]
    public void Diff_FieldsThatNeitherKnows_AreNotTouched()
    {
        var patch = MergePatch.Diff(
            new JsonObject { ["note"] = "old", ["gone"] = 1 }, new JsonObject { ["note"] = "new" })!;
        var live = new JsonObject { ["note"] = "old", ["gone"] = 1, ["foreign"] = new JsonObject { ["kept"] = true } };

        Assert.Equal("""{"foreign":{"kept":true},"note":"new"}""", Sorted(Apply(live, patch)).ToJsonString());
    }

    private static Gen<JsonObject> Objects(int depth)
    {
        var values = depth == 0 ? Leaves : Gen.OneOf<JsonNode>(Leaves, Objects(depth - 1).Select(o => (JsonNode)o));
        return Gen.Select(Gen.Int[0, 4], values).Array[0, 4].Select(fields =>
        {
            var made = new JsonObject();
            foreach (var (name, value) in fields)
            {
                made[$"f{name}"] = value.DeepClone();
            }

            return made;
        });
    }

    // RFC 7386, section 2, written down once more.
    private static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        var result = target.DeepClone().AsObject();
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = value is JsonObject inner ? Apply(result[name] as JsonObject ?? [], inner) : value.DeepClone();
            }
        }

        return result;
    }

    private static JsonObject Sorted(JsonObject o) => new(o.OrderBy(f => f.Key).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));
}
