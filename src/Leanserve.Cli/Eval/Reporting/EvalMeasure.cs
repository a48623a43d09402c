namespace Leanserve.Cli.Eval.Reporting;

/// <summary>What a comparison shows.</summary>
internal enum EvalMeasure
{
    /// <summary>Share of exact matches, with Wilson intervals.</summary>
    Exact,

    /// <summary>Median time to the first token.</summary>
    FirstToken,
}
