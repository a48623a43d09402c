namespace Leanserve.Engine.Knowledge;

/// <summary>How documents are cut into passages.</summary>
public sealed record PassageOptions
{
    /// <param name="maxTokens">Longest passage. The value must be 8 or greater.</param>
    /// <param name="overlapTokens">Tokens that neighbouring passages of one section share at most. Must be less than half of <paramref name="maxTokens"/>.</param>
    public PassageOptions(int maxTokens, int overlapTokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 8);
        ArgumentOutOfRangeException.ThrowIfNegative(overlapTokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(overlapTokens, (maxTokens - 1) / 2);
        MaxTokens = maxTokens;
        OverlapTokens = overlapTokens;
    }

    public int MaxTokens { get; }

    public int OverlapTokens { get; }
}
