namespace Leanserve.Engine;

/// <summary>Search for the most probable answer, whose live hypotheses share one KV cache through the prefix tree (arXiv 2502.00085).</summary>
public sealed record BeamSearchOptions
{
    /// <summary>Hypotheses kept alive. At least 1.</summary>
    public required int Width { get; init; }

    /// <summary>Hypotheses are ranked by sum of log-probabilities / length^penalty.</summary>
    public double LengthPenalty { get; init; } = 1;

    /// <summary>Whether the search ends as soon as <see cref="Width"/> hypotheses are complete; else when no live one can beat them.</summary>
    public bool EarlyStopping { get; init; }

    /// <summary>Hypotheses reported as choices, best first. From 1 to <see cref="Width"/>.</summary>
    public int Return { get; init; } = 1;
}
