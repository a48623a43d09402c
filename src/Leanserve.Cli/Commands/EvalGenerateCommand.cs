using System.CommandLine;
using Leanserve.Cli.Eval.Generation;
using Leanserve.Cli.Eval.Questions;

namespace Leanserve.Cli.Commands;

/// <summary><c>leanserve eval generate</c>: a question set over made-up worlds.</summary>
internal static class EvalGenerateCommand
{
    private const int BadArguments = 2;

    private static readonly Option<int> Questions = new("--questions") { Description = "Questions in all.", DefaultValueFactory = _ => 1000 };
    private static readonly Option<int> Facts = new("--facts") { Description = "Facts that the documents of one set state, about 20 tokens each; every fact is asked for at most once.", DefaultValueFactory = _ => 100 };
    private static readonly Option<int> Seed = new("--seed") { Description = "The same seed writes the same set.", DefaultValueFactory = _ => 1 };
    private static readonly Option<Ambiguity> Contradiction = new("--ambiguity") { Description = "How the documents contradict themselves: None, TwoVersions (the later one is accepted) or SharedStart (two versions begin alike, a third is stated twice and accepted).", DefaultValueFactory = _ => Ambiguity.None };
    private static readonly Option<FileInfo> Out = new("--out") { Description = "File to write, in JSON lines.", Required = true };

    public static Command Create()
    {
        var command = new Command("generate", "Write a question set over made-up worlds of people, rooms, times and prices: no model can know the answers but from the documents.")
        {
            Out, Questions, Facts, Seed, Contradiction,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var (questions, facts) = (arguments.GetValue(Questions), arguments.GetValue(Facts));
        List<string> violations = [.. new[] { ("--questions", questions), ("--facts", facts) }
            .Where(option => option.Item2 < 1).Select(option => $"{option.Item1} is {option.Item2}; it must be at least 1.")];
        if (violations.Count > 0)
        {
            violations.ForEach(Console.Error.WriteLine);
            return BadArguments;
        }

        var sets = (questions + facts - 1) / facts;
        var path = arguments.GetValue(Out)!;
        File.WriteAllLines(path.FullName, QuestionFile.Write(Enumerable.Range(0, sets).Select(set => Set(arguments, set, questions - (set * facts)))));
        Console.Out.WriteLine($"{path}: {questions} questions over {sets} sets of {facts} facts");
        return 0;
    }

    private static (string, IReadOnlyList<EvalDocument>, IReadOnlyList<EvalQuestion>) Set(ParseResult arguments, int set, int wanted)
    {
        var world = new FactWorld(unchecked((arguments.GetValue(Seed) * 7919) + set), arguments.GetValue(Facts), arguments.GetValue(Contradiction));
        return ($"set-{set + 1}", world.Documents, [.. world.Questions.Take(wanted)]);
    }
}
