namespace Leanserve.Cli.Eval.Questions;

/// <summary>One question of a set.</summary>
internal sealed record EvalQuestion
{
    /// <summary>Line of the file, from 1.</summary>
    public required int Line { get; init; }

    public required string Question { get; init; }

    /// <summary>Accepted answers, at least one; the best match counts.</summary>
    public required IReadOnlyList<string> Answers { get; init; }

    /// <summary>Empty where the question is asked without documents, or the endpoint has its own.</summary>
    public IReadOnlyList<EvalDocument> Documents { get; init; } = [];

    /// <summary>Words of the documents that a retrieved passage must hold; null takes any accepted answer.</summary>
    public string? Evidence { get; init; }
}
