using System.Text.Json.Nodes;
using CsCheck;

namespace Leanserve.Engine.Tests.Support;

/// <summary>Random schemas of everything that is supported.</summary>
internal static class RandomSchema
{
    public static Gen<JsonObject> Any { get; } = Gen.Int[0, 1_000_000].Select(seed => Make(new Random(seed), 3));

    private static JsonObject Make(Random random, int depth) => random.Next(depth > 0 ? 10 : 6) switch
    {
        0 => new JsonObject { ["type"] = "boolean" },
        1 => Text(random),
        2 => Number(random, "integer", random.Next(-300, 300), random.Next(0, 500)),
        3 => Number(random, "number", Math.Round((random.NextDouble() * 200) - 100, 2), Math.Round(random.NextDouble() * 50, 3)),
        4 => new JsonObject { ["enum"] = new JsonArray("red", "\"gr\\een\"", 7, null, true, new JsonArray(1, "x")) },
        5 => new JsonObject { ["type"] = new JsonArray("string", "null", "integer"), ["maxLength"] = 4 },
        6 => new JsonObject { ["anyOf"] = new JsonArray(Make(random, depth - 1), Make(random, depth - 1)) },
        7 => List(random, depth),
        8 => new JsonObject { ["type"] = "array", ["items"] = Make(random, depth - 1) },
        _ => Object(random, depth),
    };

    private static JsonObject Text(Random random)
    {
        int min = random.Next(0, 4);
        return new JsonObject { ["type"] = "string", ["minLength"] = min, ["maxLength"] = min + random.Next(0, 6) };
    }

    private static JsonObject Number(Random random, string type, double low, double width)
    {
        var schema = new JsonObject { ["type"] = type };
        if (random.Next(3) > 0)
        {
            schema["minimum"] = low;
        }

        if (random.Next(3) > 0)
        {
            schema[random.Next(2) == 0 ? "maximum" : "exclusiveMaximum"] = low + width + 1;
        }

        return schema;
    }

    private static JsonObject List(Random random, int depth)
    {
        int min = random.Next(0, 3);
        return new JsonObject { ["type"] = "array", ["items"] = Make(random, depth - 1), ["minItems"] = min, ["maxItems"] = min + random.Next(0, 3) };
    }

    private static JsonObject Object(Random random, int depth)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (string name in new[] { "name", "größe", "a\"b", "aa", "aab" }.Take(random.Next(1, 6)))
        {
            properties[name] = Make(random, depth - 1);
            if (random.Next(2) == 0)
            {
                required.Add(name);
            }
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false };
    }
}
