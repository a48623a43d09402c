namespace Leanserve.Translation.Planning;

/// <summary>A stated value that a measurement contradicts. The plan goes by the measurement.</summary>
/// <param name="Path">The field of the resource.</param>
/// <param name="Stated">The value that it states.</param>
/// <param name="Measured">The value that was found.</param>
public sealed record Contradiction(string Path, string Stated, string Measured)
{
    /// <summary>The contradiction as a sentence.</summary>
    public override string ToString() => $"{Path} states {Stated}, but {Measured} was measured; the plan uses the measured value. Correct or remove the field.";
}
