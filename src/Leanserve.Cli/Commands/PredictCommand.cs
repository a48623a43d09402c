using System.CommandLine;
using Leanserve.Planner;

namespace Leanserve.Cli.Commands;

/// <summary><c>leanserve predict</c>: the latency model against rows that somebody measured.</summary>
internal static class PredictCommand
{
    private const int BadFile = 2;

    private static readonly Option<FileInfo> Csv = new("--csv") { Description = "CSV with the columns of latency-published.csv: model geometry, GPU figures, engine, load, and measurements where known.", Required = true };
    private static readonly Option<string?> Profile = new("--engine-profile") { Description = $"For all rows, instead of each row's own. {EngineProfileArgument.Description}" };

    public static Command Create()
    {
        var command = new Command("predict", "Add predicted_ttft_ms, predicted_itl_ms and predicted_saturated to a CSV of loads; a summary of the errors goes to standard error.") { Csv, Profile };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var (profile, complaint) = EngineProfileArgument.Read(arguments.GetValue(Profile));
        if (complaint is not null)
        {
            Console.Error.WriteLine($"leanserve predict: {complaint}");
            return BadFile;
        }

        var path = arguments.GetValue(Csv)!;
        try
        {
            var table = LoadTable.Parse(File.ReadAllText(path.FullName));
            if (table.Violations.Count > 0)
            {
                table.Violations.ToList().ForEach(violation => Console.Error.WriteLine($"{path}: {violation}"));
                return BadFile;
            }

            var profiles = table.Rows.Select(row => profile ?? EngineProfileChoice.For(row.Engine)).ToList();
            var predictions = table.Rows.Zip(profiles, (row, its) => LatencyPredictor.Predict(row.Load, its)).ToList();
            Console.Out.Write(table.WithPredictions(predictions));
            Console.Error.Write(ErrorSummary.Of(table.Rows, predictions, profiles.ConvertAll(its => its.Name)));
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"leanserve predict: cannot read {path}: {exception.Message}");
            return BadFile;
        }
    }
}
