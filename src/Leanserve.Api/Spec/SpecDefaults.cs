namespace Leanserve.Api;

/// <summary>What holds where the spec is silent. The schema states the same values, for objects that are there at all.</summary>
public static class SpecDefaults
{
    public const int GpusPerReplica = 1;
    public const string BurstFactor = "3";
    public const int PromptTokens = 300;
    public const int OutputTokens = 250;
    public const int CopiedOutputPercent = 0;
    public const int Percentile = 95;
    public const int Engineers = 2;
    public const string HourlyCost = "75";
    public const int MinReplicas = 1;
    public const int MaxReplicas = 4;
}
