using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.NodeAgents;

/// <summary>What this machine must offer before containers can run on it.</summary>
internal static class HostRequirements
{
    private static readonly (string Path, string Package)[] Programs =
        [("/usr/bin/bwrap", "bubblewrap"), ("/usr/bin/nsenter", "util-linux"), ("/usr/bin/setpriv", "util-linux")];

    /// <exception cref="CommandFailedException">Something is missing; the message says what, and the command that helps.</exception>
    public static void Require()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new CommandFailedException("The node agent makes network namespaces and sandboxes, which needs root: run the same command with sudo.");
        }

        var missing = Programs.Where(program => !File.Exists(program.Path)).ToList();
        if (missing.Count > 0)
        {
            throw new CommandFailedException(
                $"The node agent needs {string.Join(", ", missing.Select(program => program.Path))}; install with: "
                + $"apt-get install -y {string.Join(' ', missing.Select(program => program.Package).Distinct())}");
        }
    }
}
