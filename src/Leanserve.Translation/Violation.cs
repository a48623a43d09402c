namespace Leanserve.Translation;

/// <summary>One broken rule of a resource: what the user wrote, the rule, and what to do.</summary>
/// <param name="Path">The field, such as <c>spec.knowledge.sources[0].name</c>; empty for the file itself.</param>
/// <param name="Value">The offending value as it was written, shortened; null where a value is missing.</param>
/// <param name="Rule">What is wrong, as a sentence without its full stop.</param>
/// <param name="Remedy">What to do, as a sentence without its full stop.</param>
public sealed record Violation(string Path, string? Value, string Rule, string Remedy)
{
    /// <summary>Where it stands in a file; null for a resource that came from the API server.</summary>
    public SourcePosition? Position { get; init; }

    /// <summary>The violation in one line.</summary>
    public override string ToString()
    {
        var place = Position is { } position ? $"{position}: " : "";
        var field = (Path, Value) switch
        {
            ("", null) => "",
            ("", _) => $"{Value}: ",
            (_, null) => $"{Path}: ",
            _ => $"{Path} = {Value}: ",
        };
        return $"{place}{field}{Rule}. {Remedy}.";
    }
}
