using System.Globalization;
using System.Text;
using Leanserve.Api;
using Spectre.Console;

namespace Leanserve.Demo;

/// <summary>One sample's status, for a person to read.</summary>
public static class SampleReport
{
    public static void Print(LlmDeployment sample)
    {
        AnsiConsole.WriteLine();
        AnsiConsole.MarkupLineInterpolated($"[bold]{sample.Metadata.Name}[/]  {sample.Status.Summary}");
        if (sample.Status.NearestFeasibleChange is { } change)
        {
            AnsiConsole.MarkupLineInterpolated($"  [yellow]Nearest feasible change:[/] {change}");
        }

        if (sample.Status.Oae is { } oae)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"  OAE {oae.Score}: ${oae.UsdPerMillionTokens} per million tokens, {oae.AdoptionEngineerWeeks} engineer-weeks to adopt, {oae.OperationsHoursPerMonth} h a month to operate, robustness {oae.Robustness}, talent gap {oae.TalentGap}, {oae.JoulesPerToken} J per token");
        }

        Console.Write(Conditions(sample));
        Console.Write(Candidates(sample));
    }

    /// <summary>The conditions, a line each.</summary>
    public static string Conditions(LlmDeployment sample)
    {
        var text = new StringBuilder();
        foreach (var condition in sample.Status.Conditions ?? [])
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {condition.Type,-23} {condition.Status,-8} {condition.Reason}: {Clip(condition.Message)}");
        }

        return text.ToString();
    }

    private static string Candidates(LlmDeployment sample)
    {
        var text = new StringBuilder();
        foreach (var alike in (sample.Status.Candidates ?? []).GroupBy(candidate => (candidate.Verdict, candidate.Reason, candidate.Message)))
        {
            var (verdict, reason, message) = alike.Key;
            text.AppendLine(CultureInfo.InvariantCulture, $"    {verdict,-9} {string.Join(", ", alike.Select(candidate => candidate.Name)),-30} {reason}: {Clip(message)}");
        }

        return text.ToString();
    }

    private static string Clip(string text) => text.Length <= 160 ? text : string.Concat(text.AsSpan(0, 159), "…");
}
