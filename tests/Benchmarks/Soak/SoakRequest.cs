using System.Text.Json.Nodes;

namespace Leanserve.Benchmarks.Soak;

/// <summary>The kinds of requests that the load is mixed from. Each is always the same, down to its seed, so that it can be asked again alone.</summary>
internal static class SoakRequest
{
    public const int Kinds = 48;

    /// <summary>The first kind that is searched.</summary>
    public const int BeamSearch = 2 * KindsOfDecoding;

    /// <summary>The first kind that asks for log-probabilities.</summary>
    public const int LogProbabilities = 5 * KindsOfDecoding;

    private const int KindsOfDecoding = 8;

    private const string Schema =
        """{"type":"object","properties":{"name":{"type":"string","maxLength":12},"count":{"type":"integer","minimum":0,"maximum":99}},"required":["name","count"]}""";

    private static readonly string[] Syllables = [.. "tnsrlmdkpb".SelectMany(consonant => "aeiou".Select(vowel => $"{consonant}{vowel}"))];

    /// <summary>Made-up words.</summary>
    public static string Words(Random random, int count) =>
        string.Join(' ', Enumerable.Range(0, count).Select(_ => Syllables[random.Next(Syllables.Length)] + Syllables[random.Next(Syllables.Length)]));

    /// <summary>Short and long prompts and answers, over all documents, one source or none; greedy, sampled, searched, or held to a schema.</summary>
    public static JsonObject Body(int kind, bool isStream)
    {
        var body = Decoding(kind);
        body["model"] = SoakDocuments.ModelName;
        body["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = Words(new Random(kind), kind % 5 == 0 ? 250 : 10) });
        body["max_tokens"] = kind % 3 == 0 ? 64 : 16;
        body["stream"] = isStream;
        body["seed"] = kind;
        if (isStream)
        {
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        if (Knowledge(kind) is { } knowledge)
        {
            body["knowledge"] = knowledge;
        }

        return body;
    }

    /// <summary>Bodies that the client got wrong.</summary>
    public static string Malformed(Random random) => random.Next(6) switch
    {
        0 => "{\"model\":",
        1 => """{"model":"soak","messages":[]}""",
        2 => """{"model":"soak","messages":[{"role":"user","content":"x"}],"temperature":-1,"max_tokens":1e99}""",
        3 => """{"model":"soak","messages":"x","stop":[1]}""",
        4 => "{\"model\":\"soak\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":{\"pattern\":1}}}}",
        _ => $"{{\"model\":\"soak\",\"messages\":[{{\"role\":\"user\",\"content\":\"x\"}}],\"deep\":{new string('[', 500)}{new string(']', 500)}}}",
    };

    private static JsonNode? Knowledge(int kind) => (kind % 8) switch
    {
        0 or 1 or 2 => SoakDocuments.Stable,
        3 => SoakDocuments.Changing,
        4 => new JsonArray(),
        _ => null,
    };

    private static JsonObject Decoding(int kind) => (kind / KindsOfDecoding) switch
    {
        0 => new() { ["temperature"] = 0 },
        1 => new() { ["response_format"] = new JsonObject { ["type"] = "json_schema", ["json_schema"] = new JsonObject { ["name"] = "x", ["schema"] = JsonNode.Parse(Schema) } } },
        2 => new() { ["use_beam_search"] = true, ["n"] = 2 },
        3 => new() { ["n"] = 2, ["top_k"] = 40, ["stop"] = new JsonArray("ka", "ti") },
        4 => new() { ["top_p"] = 0.9, ["repetition_penalty"] = 1.1, ["frequency_penalty"] = 0.3 },
        _ => new() { ["temperature"] = 0.8, ["logprobs"] = true, ["top_logprobs"] = 2 },
    };
}
