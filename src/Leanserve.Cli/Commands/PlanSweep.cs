using Leanserve.Cli.Charts;
using Leanserve.Cli.Plans;
using Leanserve.Cli.Sweeps;
using Spectre.Console;

namespace Leanserve.Cli.Commands;

/// <summary><c>leanserve plan --sweep</c>: which strategy wins where.</summary>
internal static class PlanSweep
{
    private const int Columns = 120;
    private const int Rows = 84;
    private const int TerminalColumns = 72;
    private const int TerminalRows = 22;
    private const int BadArguments = 2;

    private static readonly Dictionary<string, Func<string, StrategySweep, byte[]>> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".svg"] = (name, sweep) => Text(SvgFormat.Write(SweepPicture.Draw(name, sweep))),
        [".png"] = (name, sweep) => PngFormat.Write(SweepPicture.Draw(name, sweep)),
        [".csv"] = (_, sweep) => Text(SweepTable.Csv(sweep)),
    };

    /// <summary>What is wrong with the arguments, one sentence each.</summary>
    public static IEnumerable<string> Complaints(string sweep, IReadOnlyList<FileInfo> files)
    {
        var ranges = Ranges(sweep);
        foreach (var complaint in ranges.Select(range => range.Complaint).OfType<string>())
        {
            yield return $"--sweep: {complaint}";
        }

        if (ranges.Count != 2 || ranges[0].Range is { } first && first.Axis == ranges[1].Range?.Axis)
        {
            yield return "--sweep takes two different axes, such as qps=0.1..50,documents=1k..500k.";
        }

        foreach (var file in files)
        {
            if (!Formats.ContainsKey(file.Extension))
            {
                yield return $"--out {file} is of no known kind; use {string.Join(", ", Formats.Keys)}.";
            }
            else if (file.Directory is { Exists: false } folder)
            {
                yield return $"--out {file} lies in {folder}, which does not exist; make it first.";
            }
        }
    }

    /// <summary>Sweeps one deployment, prints its map and writes its files.</summary>
    public static int Run(PlannedDeployment planned, string sweep, IReadOnlyList<FileInfo> files, CancellationToken cancellationToken)
    {
        var (x, y) = Ranges(sweep) switch { var ranges => (ranges[0].Range!, ranges[1].Range!) };
        var (columns, rows) = files.Count > 0 ? (Columns, Rows) : (TerminalColumns, TerminalRows);
        var result = SweepProgress.Follow(columns * rows, done => StrategySweep.Run(planned.Plan.Input, x, y, columns, rows, done, cancellationToken));
        var console = WideConsole.Create();
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{planned.Name}[/]: the strategy of least total overhead");
        console.WriteLine(SweepPicture.Subtitle(planned.Plan.Input));
        console.WriteLine();
        TerminalMap.Write(console, result);
        foreach (var file in files)
        {
            try
            {
                File.WriteAllBytes(file.FullName, Formats[file.Extension](planned.Name, result));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"leanserve plan: cannot write {file}: {exception.Message}");
                return BadArguments;
            }

            Console.Error.WriteLine($"Wrote {file}.");
        }

        return 0;
    }

    private static List<(SweepRange? Range, string? Complaint)> Ranges(string sweep) => [.. sweep.Split(',').Select(SweepRange.Parse)];

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
