using System.Globalization;
using Leanserve.Cli.Eval.Scoring;
using Spectre.Console;

namespace Leanserve.Cli.Eval.Reporting;

/// <summary>A report for people, on a terminal or as Markdown.</summary>
internal static class EvalTable
{
    private const string Nothing = "–";
    private const int MarkdownColumns = 1000;

    private static readonly string[] Columns =
        ["knowledge", "decoding", "n", "exact match %", "token F1 %", "against first", "recall %", "exact where found %", "TTFT p50 / p95 ms", "tokens/s", "prompt tokens (cached)", "KV peak MB"];

    public static void Write(IAnsiConsole console, EvalReport report, bool markdown)
    {
        if (markdown)
        {
            // A cell broken over lines is two rows to Markdown.
            console.Profile.Width = MarkdownColumns;
        }
        else
        {
            console.MarkupLineInterpolated($"[bold]{report.Target}[/]: {report.Questions} questions, {report.Concurrency} at a time{(report.Complete ? "" : " (interrupted: figures of what was answered)")}");
        }

        var shown = Enumerable.Range(0, Columns.Length).Where(column => column is < 5 or > 7 || report.Cells.Any(cell => Row(cell)[column] != Nothing)).ToList();
        var table = new Table { Border = markdown ? TableBorder.Markdown : TableBorder.Rounded };
        shown.ForEach(column => table.AddColumn(column < 2 ? new TableColumn(Columns[column]) : new TableColumn(Columns[column]).RightAligned()));
        foreach (var row in report.Cells.Select(Row))
        {
            table.AddRow([.. shown.Select(column => Markup.Escape(row[column]))]);
        }

        console.Write(table);
        foreach (var (cell, cause, count) in report.Cells.SelectMany(cell => cell.Errors.Select(error => (cell, error.Key, error.Value))))
        {
            console.MarkupLineInterpolated($"{cell.Strategy}, {cell.Decoding}: {count} × {cause}");
        }

        if (!markdown)
        {
            console.MarkupLine("[dim]95 % intervals: Wilson for shares, bootstrap of 2,000 resamples for F1, paired bootstrap against the first row, in points.[/]");
        }
    }

    private static string[] Row(EvalCell cell) =>
    [
        cell.Strategy,
        cell.Decoding,
        cell.Answered.ToString(CultureInfo.InvariantCulture),
        Percent(cell.Exact),
        Percent(cell.F1),
        cell.AgainstFirst is null ? Nothing : Percent(cell.AgainstFirst, "+0.0;-0.0;0.0"),
        Percent(cell.Recall),
        Percent(cell.ExactWhereFound),
        cell.TtftMs is { } ttft ? string.Create(CultureInfo.InvariantCulture, $"{ttft.P50:0} / {ttft.P95:0}") : Nothing,
        cell.TokensPerSecond?.ToString("0", CultureInfo.InvariantCulture) ?? Nothing,
        cell.MeanPromptTokens is { } prompt ? string.Create(CultureInfo.InvariantCulture, $"{prompt:0} ({(cell.CachedShare ?? 0) * 100:0} %)") : Nothing,
        cell.KvBytes is { } bytes ? (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture) : Nothing,
    ];

    private static string Percent(Interval? interval, string format = "0.0") => interval is not { } known ? Nothing : string.Create(
        CultureInfo.InvariantCulture, $"{Number(known.Value, format)} [{Number(known.Low, format)}, {Number(known.High, format)}]");

    private static string Number(double share, string format) => (share * 100).ToString(format, CultureInfo.InvariantCulture);
}
