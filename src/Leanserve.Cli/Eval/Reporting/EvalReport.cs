namespace Leanserve.Cli.Eval.Reporting;

/// <summary>What an evaluation measured.</summary>
internal sealed record EvalReport
{
    /// <summary>What was evaluated: an endpoint or a model folder.</summary>
    public required string Target { get; init; }

    public required int Questions { get; init; }

    /// <summary>Requests at a time.</summary>
    public required int Concurrency { get; init; }

    /// <summary>False where the run was interrupted: the figures are of what was answered until then.</summary>
    public required bool Complete { get; init; }

    public required IReadOnlyList<EvalCell> Cells { get; init; }

    /// <summary>Sums up, in the order in which strategies and decodings were given.</summary>
    public static EvalReport Of(string target, EvalOptions options, IReadOnlyList<EvalResult> results, bool complete)
    {
        var cells = options.Strategies
            .SelectMany(strategy => options.Decodings.Select(decoding => results.Where(result => result.Strategy == strategy.Name && result.Decoding == decoding.Name).ToList()))
            .Where(cell => cell.Count > 0)
            .ToList();
        var first = cells.FirstOrDefault()?.Where(result => result.Error is null).ToDictionary(result => result.Line, result => result.Exact);
        return new EvalReport
        {
            Target = target,
            Questions = options.Questions.Count,
            Concurrency = options.Concurrency,
            Complete = complete,
            Cells = [.. cells.Select((cell, index) => EvalCell.Of(cell, index == 0 ? null : first))],
        };
    }
}
