namespace LocalCluster.NodeAgents;

/// <summary>How a short command ended.</summary>
/// <param name="ExitCode">Its exit code; null where it was killed because its time was up.</param>
/// <param name="Output">Standard output and standard error, one after the other.</param>
internal sealed record CommandResult(int? ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}
