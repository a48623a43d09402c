using Leanserve.Cli.Eval.Questions;

namespace Leanserve.Cli.Eval.Generation;

/// <summary>
/// A small made-up world: people, rooms, times and prices, stated in varied sentences over several documents. Every fact is the answer to one
/// question; the same names come up in several facts, so that finding the right passage takes more than the name.
/// </summary>
internal sealed class FactWorld
{
    private const int FactsPerName = 4;

    private readonly Random random;
    private readonly Dictionary<string, List<string>> sentences = new(StringComparer.Ordinal);
    private readonly List<EvalQuestion> questions = [];

    /// <param name="seed">The same seed makes the same world.</param>
    /// <param name="facts">At least 1.</param>
    /// <param name="ambiguity">Contradictions among the documents.</param>
    public FactWorld(int seed, int facts, Ambiguity ambiguity = Ambiguity.None)
    {
        random = new Random(seed);
        var names = Names(Math.Max(2, facts / FactsPerName));
        var stated = new HashSet<(string, FactKind)>();
        while (questions.Count < facts)
        {
            var (name, kind) = (names[random.Next(names.Count)], FactKind.All[random.Next(FactKind.All.Count)]);
            if (stated.Add((name, kind)))
            {
                State(kind, kind.Ask(random, name), ambiguity);
            }
        }

        Documents = [.. sentences.OrderBy(item => item.Key, StringComparer.Ordinal)
            .Select(item => new EvalDocument($"{item.Key}.md", $"# {Title(item.Key)}\n\n{string.Join('\n', item.Value)}\n"))];
        Questions = [.. questions.Select(question => question with { Documents = Documents })];
    }

    public IReadOnlyList<EvalDocument> Documents { get; }

    public IReadOnlyList<EvalQuestion> Questions { get; }

    private void State(FactKind kind, string ask, Ambiguity ambiguity)
    {
        switch (ambiguity)
        {
            case Ambiguity.None:
                Ask(ask, Say(kind.Topic, ask, kind.Answer(random)));
                break;
            case Ambiguity.TwoVersions:
                Say(kind.Topic, ask, kind.Answer(random));
                Ask(ask, Say($"{kind.Topic}-news", ask, kind.Answer(random)));
                break;
            default:
                var twice = $"{FactKind.Person(random, "Dr.")}.";
                Say($"{kind.Topic}-1", ask, twice);
                Say($"{kind.Topic}-2", ask, $"{FactKind.Person(random, "Mrs.")}.");
                Say($"{kind.Topic}-3", ask, $"{FactKind.Person(random, "Mrs.")}.");
                Ask(ask, Say($"{kind.Topic}-4", ask, twice));
                break;
        }
    }

    private string Say(string topic, string ask, string answer)
    {
        if (!sentences.TryGetValue(topic, out var said))
        {
            sentences.Add(topic, said = []);
        }

        said.Add($"{ask} {answer}");
        return answer;
    }

    private void Ask(string ask, string answer) =>
        questions.Add(new EvalQuestion { Line = 0, Question = ask, Answers = [answer], Evidence = $"{ask} {answer}" });

    private List<string> Names(int count)
    {
        var names = new List<string>();
        while (names.Count < count)
        {
            names.Add(NewName(names));
        }

        return names;
    }

    private string NewName(List<string> taken)
    {
        var name = FactKind.Name(random);
        return taken.Contains(name) ? NewName(taken) : name;
    }

    private static string Title(string topic) => char.ToUpperInvariant(topic[0]) + topic[1..].Replace('-', ' ');
}
