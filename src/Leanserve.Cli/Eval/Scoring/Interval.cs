namespace Leanserve.Cli.Eval.Scoring;

/// <summary>An estimate with its 95 % confidence interval.</summary>
internal readonly record struct Interval(double Value, double Low, double High);
