using System.Globalization;
using Spectre.Console;

namespace Leanserve.Cli.Bench;

/// <summary>A report for people.</summary>
internal static class BenchReportTable
{
    public static void Write(IAnsiConsole console, BenchReport report)
    {
        console.MarkupLineInterpolated($"[bold]{report.Model}[/] at {report.Endpoint}, {report.Pattern}{(report.Complete ? "" : " [interrupted]")}");
        console.MarkupLineInterpolated(
            $"{report.Succeeded} answered, {report.Failed} failed in {report.DurationSeconds:0.0} s: {report.RequestsPerSecond:0.00} requests/s, {report.OutputTokensPerSecond:0.0} output tokens/s");
        console.MarkupLineInterpolated($"{report.PromptTokens} prompt tokens ({report.CachedTokens} cached), {report.OutputTokens} output tokens");
        foreach (var (cause, count) in report.Errors)
        {
            console.MarkupLineInterpolated($"[red]{count} × {cause}[/]");
        }

        var table = new Table().AddColumn("ms");
        foreach (var column in new[] { "mean", "p50", "p90", "p95", "p99", "max" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        AddRow(table, "time to first token", report.TtftMs);
        AddRow(table, "inter-token latency", report.ItlMs);
        AddRow(table, "whole request", report.E2eMs);
        console.Write(table);
    }

    private static void AddRow(Table table, string name, LatencySummary? summary)
    {
        if (summary is not null)
        {
            table.AddRow([name, .. new[] { summary.Mean, summary.P50, summary.P90, summary.P95, summary.P99, summary.Max }
                .Select(value => value.ToString("0.0", CultureInfo.InvariantCulture))]);
        }
    }
}
