using System.Text.RegularExpressions;
using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.ControlPlane.Binaries;

/// <summary>Asks a Kubernetes executable for its version.</summary>
internal static partial class KubernetesVersionReader
{
    /// <summary>Runs <paramref name="executable"/> with <c>--version</c>.</summary>
    /// <exception cref="CommandFailedException">It does not run or prints something else.</exception>
    public static async Task<Version> ReadAsync(string executable, CancellationToken cancellationToken)
    {
        string output = await Command.RunAsync(executable, ["--version"], cancellationToken).ConfigureAwait(false);
        Match match = VersionPattern().Match(output);
        return match.Success
            ? Version.Parse(match.Groups[1].Value)
            : throw new CommandFailedException($"`{executable} --version` printed '{output.Trim()}'; expected 'Kubernetes vMAJOR.MINOR.PATCH'.");
    }

    [GeneratedRegex(@"v(\d+\.\d+\.\d+)")]
    private static partial Regex VersionPattern();
}
