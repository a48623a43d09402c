using Leanserve.Cli.Charts;
using Leanserve.Planner;
using Spectre.Console;

namespace Leanserve.Cli.Sweeps;

/// <summary>A sweep as a map of letters: one for each strategy, so that it reads without colours too.</summary>
internal static class TerminalMap
{
    private const int LabelWidth = 8;
    private const int MostColumns = 72;
    private const int MostRows = 22;
    private static readonly char[] Letters = ['D', 'd', 'δ', 'C', 'c', 'χ', 'R', 'r', 'ρ', '·'];
    private static readonly string[] Colors =
    [
        "black on yellow", "black on orange1", "black on pink1", "black on dodgerblue1", "black on cyan1", "black on plum3", "black on green3", "black on greenyellow", "black on yellow3", "grey",
    ];

    public static void Write(IAnsiConsole console, StrategySweep sweep)
    {
        var columns = Math.Min(Math.Min(sweep.Columns, MostColumns), Math.Max(console.Profile.Width - LabelWidth - 4, 10));
        var rows = Math.Min(sweep.Rows, MostRows);
        console.WriteLine($"{"",LabelWidth} {sweep.Y.Axis.Title}");
        for (var row = rows - 1; row >= 0; row--)
        {
            var line = new Paragraph($"{Label(sweep.Y, row, rows),LabelWidth} │");
            for (var column = 0; column < columns; column++)
            {
                var strategy = sweep.Cells[Nearest(column, columns, sweep.Columns), Nearest(row, rows, sweep.Rows)].Strategy;
                line.Append(Letters[strategy].ToString(), Style.Parse(Colors[strategy]));
            }

            console.Write(line);
            console.WriteLine();
        }

        console.WriteLine($"{"",LabelWidth} └{new string('─', columns)}");
        console.WriteLine($"{"",LabelWidth}  {HorizontalLabels(sweep.X, columns)}");
        console.WriteLine($"{"",LabelWidth}  {sweep.X.Axis.Title}");
        console.WriteLine();
        console.WriteLine(Legend(sweep));
    }

    private static string Label(SweepRange range, int cell, int cells) =>
        cell == 0 || cell == cells - 1 || cell % 5 == 0 ? ChartAxis.Short(Wording.Round(range.Middle(cell, cells))) : "";

    private static string HorizontalLabels(SweepRange range, int columns)
    {
        var line = new char[columns + 8];
        Array.Fill(line, ' ');
        for (var column = 0; column < columns; column += 12)
        {
            var label = ChartAxis.Short(Wording.Round(range.Middle(column, columns)));
            label.CopyTo(0, line, column, label.Length);
        }

        return new string(line).TrimEnd();
    }

    private static string Legend(StrategySweep sweep)
    {
        var total = (double)sweep.Cells.Length;
        var shares = sweep.Cells.Cast<SweepCell>().GroupBy(cell => cell.Strategy).OrderBy(group => group.Key)
            .Select(group => $"{Letters[group.Key]} {SweepCell.StrategyNames[group.Key]} ({Wording.Percent(group.Count() / total)})");
        return $"{string.Join("   ", shares)} of {sweep.Cells.Length:N0} points";
    }

    private static int Nearest(int cell, int cells, int all) => Math.Min((int)((cell + 0.5) * all / cells), all - 1);
}
