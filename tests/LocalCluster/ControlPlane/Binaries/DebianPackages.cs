using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.ControlPlane.Binaries;

/// <summary>Installs missing Debian packages where it may.</summary>
public static class DebianPackages
{
    /// <summary>Installs those of <paramref name="packages"/> whose commands are missing.</summary>
    /// <param name="packages">The packages.</param>
    /// <param name="progress">Gets a line when something is installed.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="CommandFailedException">
    /// They cannot be installed here; the message holds the one command to run.
    /// </exception>
    public static async Task EnsureAsync(
        IEnumerable<DebianPackage> packages, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        DebianPackage[] Missing() => [.. packages.Where(package => Executables.Find(package.Command) is null)];
        if (Missing().Length == 0)
        {
            return;
        }

        // Where several clusters start at once, one installs.
        using FileLock held = await FileLock.AcquireAsync(
            Path.Combine(KubernetesCache.Root, ".packages.lock"),
            cancellationToken,
            () => progress?.Report("Waiting for another process that is installing packages")).ConfigureAwait(false);
        DebianPackage[] missing = Missing();
        if (missing.Length == 0)
        {
            return;
        }

        string commands = string.Join(", ", missing.Select(package => package.Command));
        string[] install = ["apt-get", "install", "--yes", "--no-install-recommends", .. missing.Select(package => package.Name)];
        if (Executables.Find("apt-get") is null)
        {
            throw new CommandFailedException($"Not found: {commands}. Install them by this system's own means; on Debian: sudo {string.Join(' ', install)}");
        }

        string[]? prefix = await FindPrivilegeAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new CommandFailedException($"Not found: {commands}. Run:\n  sudo {string.Join(' ', install)}");
        progress?.Report($"Installing {string.Join(", ", missing.Select(package => package.Name))} (for {commands})");
        using OwnedDirectory logs = OwnedDirectory.Create(Path.GetTempPath());
        var step = new LoggedStep(Path.Combine(logs.Path, "apt.log"), progress, TimeProvider.System);
        string[] apt = [.. prefix, "env", "DEBIAN_FRONTEND=noninteractive"];
        await step.RunAsync("apt-get update", [.. apt, "apt-get", "update"], cancellationToken).ConfigureAwait(false);
        await step.RunAsync(string.Join(' ', install), [.. apt, .. install], cancellationToken).ConfigureAwait(false);
    }

    // Empty for root, sudo where it asks for no password, null where neither.
    private static async Task<string[]?> FindPrivilegeAsync(CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
        {
            return [];
        }

        try
        {
            await Command.RunAsync("sudo", ["-n", "true"], cancellationToken).ConfigureAwait(false);
            return ["sudo", "-n"];
        }
        catch (CommandFailedException)
        {
            return null;
        }
    }
}
