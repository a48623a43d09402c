using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leanserve.Cli.Eval.Questions;

/// <summary>Reads one line of a question file and says what is wrong with it.</summary>
/// <param name="line">Its number, from 1.</param>
/// <param name="named">Documents that earlier lines gave a name; a line without a question adds to them.</param>
internal sealed class QuestionLine(int line, Dictionary<string, IReadOnlyList<EvalDocument>> named)
{
    private readonly List<string> violations = [];

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IReadOnlyList<string> Violations => violations;

    /// <summary>The question; null for a line that only names documents, and for a bad one.</summary>
    public EvalQuestion? Read(string text)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(text);
        }
        catch (JsonException exception)
        {
            return Violate($"is no JSON ({exception.Message.Split(" LineNumber")[0].TrimEnd('.')}); write one object a line");
        }

        if (node is not JsonObject fields)
        {
            return Violate("is no JSON object; write {\"question\": …, \"answers\": […]}");
        }

        var documents = Documents(fields["documents"]);
        if (fields["question"] is null)
        {
            Name(fields, documents);
            return null;
        }

        var question = new EvalQuestion
        {
            Line = line,
            Question = Text(fields["question"], "question") ?? "",
            Answers = Answers(fields["answers"]),
            Documents = documents ?? [],
            Evidence = fields["evidence"] is { } evidence ? Text(evidence, "evidence") : null,
        };
        return violations.Count == 0 ? question : null;
    }

    private void Name(JsonObject fields, IReadOnlyList<EvalDocument>? documents)
    {
        if (fields["name"] is null || documents is null)
        {
            Violate("has no question; give it one with \"answers\", or a \"name\" and \"documents\" for other lines to use");
        }
        else if (Text(fields["name"], "name") is { } name && !named.TryAdd(name, documents))
        {
            Violate($"names documents '{name}' a second time; names must differ");
        }
    }

    private List<string> Answers(JsonNode? node)
    {
        List<string?> answers = node switch
        {
            JsonArray list => [.. list.Select(answer => Text(answer, "answers"))],
            null => [],
            _ => [Text(node, "answers")],
        };
        if (answers.Count == 0)
        {
            Violate("has no answers; list at least one that is accepted");
        }

        return [.. answers.OfType<string>()];
    }

    private IReadOnlyList<EvalDocument>? Documents(JsonNode? node)
    {
        switch (node)
        {
            case null:
                return null;
            case JsonArray list:
                return [.. list.Select(Document).OfType<EvalDocument>()];
            case JsonValue value when value.TryGetValue<string>(out var name):
                if (named.TryGetValue(name, out var known))
                {
                    return known;
                }

                Violate($"uses documents '{name}', which no line before it names");
                return null;
            default:
                Violate("has documents that are neither a list nor a name");
                return null;
        }
    }

    private EvalDocument? Document(JsonNode? node, int index) => node is JsonObject document
        ? Text(document["text"], $"documents[{index}].text") is not { } text ? null
            : new EvalDocument(document["name"] is { } name ? Text(name, $"documents[{index}].name") ?? "" : $"document-{index + 1}.md", text)
        : Text(node, $"documents[{index}]") is { } plain ? new EvalDocument($"document-{index + 1}.md", plain) : null;

    private string? Text(JsonNode? node, string field)
    {
        if (node is JsonValue value && value.TryGetValue<string>(out var text) && !string.IsNullOrWhiteSpace(text))
        {
            return text;
        }

        Violate($"has {field} {node?.ToJsonString(Json) ?? "null"}; it must be a text that is not empty");
        return null;
    }

    private EvalQuestion? Violate(string what)
    {
        violations.Add($"line {line} {what}.");
        return null;
    }
}
