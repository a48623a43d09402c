using System.Text;
using System.Text.Json.Nodes;

namespace Leanserve.Benchmarks.Soak;

/// <summary>An answer, whole or put together from a stream, without what differs each time: ids, times, and how much was cached.</summary>
internal static class SoakAnswer
{
    /// <summary>The version of the changing documents that it is from, empty where it is not from them; and its choices and usage as one text.</summary>
    public static (string Documents, string Answer) Read(IReadOnlyList<JsonNode> bodies)
    {
        SortedDictionary<int, (StringBuilder Text, StringBuilder LogProbabilities, string End)> choices = [];
        foreach (var choice in bodies.SelectMany(body => body["choices"]!.AsArray()))
        {
            int index = (int)choice!["index"]!;
            var (text, logProbabilities, end) = choices.GetValueOrDefault(index, (new(), new(), ""));
            text.Append((string?)(choice["message"] ?? choice["delta"])?["content"]);
            logProbabilities.AppendJoin("", (choice["logprobs"]?["content"] as JsonArray ?? []).Select(token => token!.ToJsonString()));
            choices[index] = (text, logProbabilities, choice["finish_reason"] is { } reason ? $"{reason} {choice["score"]}" : end);
        }

        var usage = bodies[^1]["usage"]!;
        string answer = string.Join('|', choices.Select(choice => $"{choice.Key}: {choice.Value.Text} ({choice.Value.End}) {choice.Value.LogProbabilities}"));
        return (DocumentsOf(bodies[0]), $"{answer}|{usage["prompt_tokens"]} + {usage["completion_tokens"]}");
    }

    private static string DocumentsOf(JsonNode body) =>
        body["leanserve"]!["sources"]!.AsArray().Where(source => (string?)source!["name"] == SoakDocuments.Changing).Select(source => (string)source!["content_hash"]!).SingleOrDefault("");
}
