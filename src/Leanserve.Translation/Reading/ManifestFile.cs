namespace Leanserve.Translation.Reading;

/// <summary>What a file of manifests holds.</summary>
public sealed record ManifestFile
{
    /// <summary>The deployments without a violation, in the order of the file.</summary>
    public required IReadOnlyList<ReadDeployment> Deployments { get; init; }

    public required IReadOnlyList<ReadConfigMap> ConfigMaps { get; init; }

    /// <summary>Everything wrong with the file, by position.</summary>
    public required IReadOnlyList<Violation> Violations { get; init; }
}
