using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leanserve.Cli.Eval.Questions;

/// <summary>
/// A question set in JSON lines: <c>{"question", "answers": […], "documents": […] or "a name", "evidence"}</c>. A line <c>{"name", "documents": […]}</c>
/// without a question gives documents a name that later lines can use. A document is a text, or <c>{"name", "text"}</c>.
/// </summary>
/// <param name="Questions">Those of good lines.</param>
/// <param name="Violations">What is wrong, each with its line.</param>
internal sealed record QuestionFile(IReadOnlyList<EvalQuestion> Questions, IReadOnlyList<string> Violations)
{
    public static QuestionFile Read(IEnumerable<string> lines)
    {
        var questions = new List<EvalQuestion>();
        var violations = new List<string>();
        var named = new Dictionary<string, IReadOnlyList<EvalDocument>>(StringComparer.Ordinal);
        foreach (var (index, line) in lines.Index().Where(item => !string.IsNullOrWhiteSpace(item.Item)))
        {
            var reader = new QuestionLine(index + 1, named);
            if (reader.Read(line) is { } question)
            {
                questions.Add(question);
            }

            violations.AddRange(reader.Violations);
        }

        return new QuestionFile(questions, violations);
    }

    /// <summary>Writes a set that <see cref="Read"/> reads: each set of documents once, then its questions.</summary>
    public static IEnumerable<string> Write(IEnumerable<(string Name, IReadOnlyList<EvalDocument> Documents, IReadOnlyList<EvalQuestion> Questions)> sets)
    {
        foreach (var (name, documents, questions) in sets)
        {
            yield return JsonSerializer.Serialize(new { name, documents }, QuestionLine.Json);
            foreach (var question in questions)
            {
                var line = new JsonObject
                {
                    ["question"] = question.Question,
                    ["answers"] = new JsonArray([.. question.Answers.Select(answer => JsonValue.Create(answer))]),
                    ["documents"] = name,
                };
                if (question.Evidence is not null)
                {
                    line["evidence"] = question.Evidence;
                }

                yield return line.ToJsonString(QuestionLine.Json);
            }
        }
    }
}
