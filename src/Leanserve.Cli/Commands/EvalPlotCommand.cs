using System.CommandLine;
using Leanserve.Cli.Eval;
using Leanserve.Cli.Eval.Reporting;

namespace Leanserve.Cli.Commands;

/// <summary><c>leanserve eval plot</c>: several evaluations side by side in one picture.</summary>
internal static class EvalPlotCommand
{
    private const int BadArguments = 2;

    private static readonly Argument<string[]> Runs = new("runs") { Description = "Evaluations as NAME=FILE, FILE being what --results wrote; NAMEs stand along the axis.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> Axis = new("--axis") { Description = "What the names are.", DefaultValueFactory = _ => "evaluation" };
    private static readonly Option<EvalMeasure> Measure = new("--measure") { Description = "Exact (share of exact matches) or FirstToken (median milliseconds to the first token).", DefaultValueFactory = _ => EvalMeasure.Exact };
    private static readonly Option<FileInfo> Out = new("--out") { Description = "File to write: .svg or .png.", Required = true };

    public static Command Create()
    {
        var command = new Command("plot", "Draw several evaluations side by side: one line for each strategy and decoding.") { Runs, Axis, Measure, Out };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var (output, violations) = (arguments.GetValue(Out)!, new List<string>());
        if (!EvalPlot.Formats.Contains(output.Extension))
        {
            violations.Add($"--out is '{output}'; its name must end in {string.Join(" or ", EvalPlot.Formats)}.");
        }

        var runs = arguments.GetValue(Runs)!.Select(run => Read(run, violations)).ToList();
        if (violations.Count > 0)
        {
            violations.ForEach(Console.Error.WriteLine);
            return BadArguments;
        }

        ComparisonPlot.Write(output.FullName, arguments.GetValue(Axis)!, arguments.GetValue(Measure), runs);
        return 0;
    }

    private static (string Name, IReadOnlyList<EvalResult> Results) Read(string run, List<string> violations)
    {
        var parts = run.Split('=', 2);
        try
        {
            var results = parts.Length == 2 ? ResultLog.Read(parts[1]) : [];
            if (results.Count == 0)
            {
                violations.Add($"'{run}' names no results; write NAME=FILE with a file that --results wrote.");
            }

            return (parts[0], results);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            violations.Add(exception.Message);
            return (parts[0], []);
        }
    }
}
