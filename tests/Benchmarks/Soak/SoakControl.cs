using System.Text.Json.Nodes;

namespace Leanserve.Benchmarks.Soak;

/// <summary>Shows in each run that its comparison can fail: a real answer that is changed in one place must count as different, and as the same unchanged.</summary>
internal static class SoakControl
{
    private static readonly (string Place, int Kind, Action<JsonNode> Change)[] Changes =
    [
        ("a letter of the text", SoakRequest.LogProbabilities, body => Choice(body)["message"]!["content"] = $"{Choice(body)["message"]!["content"]}."),
        ("the reason of the end", SoakRequest.LogProbabilities, body => Choice(body)["finish_reason"] = "other"),
        ("the last digits of a log-probability", SoakRequest.LogProbabilities, body => Add(Choice(body)["logprobs"]!["content"]!.AsArray()[^1]!, "logprob", 1e-5)),
        ("the tokens of the prompt", SoakRequest.LogProbabilities, body => Add(body["usage"]!, "prompt_tokens", 1)),
        ("the tokens of the answer", SoakRequest.LogProbabilities, body => Add(body["usage"]!, "completion_tokens", 1)),
        ("the last digits of a search's score", SoakRequest.BeamSearch, body => Add(Choice(body), "score", 1e-5)),
    ];

    /// <exception cref="BenchmarkFailedException">The comparison misses a change, or sees one where there is none.</exception>
    public static async Task CheckAsync(SoakClient client, CancellationToken cancellationToken)
    {
        foreach (var (place, kind, change) in Changes)
        {
            string body = await client.BodyAsync(kind, cancellationToken);
            if (Differs(kind, body, _ => { }) || !Differs(kind, body, change))
            {
                throw new BenchmarkFailedException($"the comparison of answers does not see {place}, or sees it where nothing is changed.");
            }
        }
    }

    private static bool Differs(int kind, string body, Action<JsonNode> change)
    {
        var tally = new SoakTally(TextWriter.Null);
        var changed = JsonNode.Parse(body)!;
        change(changed);
        (string documents, string answer) = SoakAnswer.Read([changed]);
        tally.Answer(kind, documents, answer);
        (documents, answer) = SoakAnswer.Read([JsonNode.Parse(body)!]);
        tally.Compare(kind, documents, answer);
        return tally is { Compared: 1, Different: 1 };
    }

    private static JsonNode Choice(JsonNode body) => body["choices"]![0]!;

    private static void Add(JsonNode parent, string member, double difference) => parent[member] = (double)parent[member]! + difference;
}
