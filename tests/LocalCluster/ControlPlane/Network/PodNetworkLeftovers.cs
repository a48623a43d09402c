using System.Globalization;
using System.Text.RegularExpressions;
using LocalCluster.ControlPlane.Processes;

namespace LocalCluster.ControlPlane.Network;

/// <summary>Names of what a <see cref="PodNetwork"/> makes in the kernel, and the removal of what killed owners left.</summary>
internal static partial class PodNetworkLeftovers
{
    private const string Prefix = "lsv";
    private const string NamespaceFolder = "/run/netns";

    /// <summary>Held while networks are created or removed.</summary>
    public static string LockPath => "/run/lock/leanserve-pod-network.lock";

    /// <summary>The bridge of network <paramref name="number"/>.</summary>
    public static string BridgeName(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}");

    /// <summary>What the names of its network namespaces begin with.</summary>
    public static string NamespacePrefix(int number) => BridgeName(number) + "-pod-";

    /// <summary>Removes the networks whose owners are gone.</summary>
    public static async Task RemoveAbandonedAsync(CancellationToken cancellationToken)
    {
        foreach (string path in Directory.EnumerateDirectories("/sys/class/net", Prefix + "*"))
        {
            Match match = BridgePattern().Match(Path.GetFileName(path));
            if (match.Success && IsAbandoned(path))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await RemoveAsync(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes network <paramref name="number"/>: its namespaces, the interfaces on its bridge, the bridge.</summary>
    public static async Task RemoveAsync(int number)
    {
        if (Directory.Exists(NamespaceFolder))
        {
            foreach (string path in Directory.EnumerateFiles(NamespaceFolder, NamespacePrefix(number) + "*"))
            {
                await RemoveNamespaceAsync(Path.GetFileName(path)).ConfigureAwait(false);
            }
        }

        string bridgePorts = $"/sys/class/net/{BridgeName(number)}/brif";
        string[] ports = Directory.Exists(bridgePorts) ? Directory.GetFileSystemEntries(bridgePorts) : [];
        foreach (string link in ports.Select(port => Path.GetFileName(port)!).Append(BridgeName(number)))
        {
            await RemoveLinkAsync(link).ConfigureAwait(false);
        }
    }

    /// <summary>Removes one namespace if it is there.</summary>
    public static async Task RemoveNamespaceAsync(string name)
    {
        if (File.Exists(Path.Combine(NamespaceFolder, name)))
        {
            await Command.RunAsync("ip", ["netns", "delete", name]).ConfigureAwait(false);
        }
    }

    private static async Task RemoveLinkAsync(string link)
    {
        try
        {
            await Command.RunAsync("ip", ["link", "delete", "dev", link]).ConfigureAwait(false);
        }
        catch (CommandFailedException) when (!Directory.Exists("/sys/class/net/" + link))
        {
            // The kernel removes a veth pair by itself, some time after the namespace that held its other end.
        }
    }

    private static bool IsAbandoned(string interfacePath)
    {
        try
        {
            return ProcessIdentity.TryParse(File.ReadAllText(Path.Combine(interfacePath, "ifalias"))) is { IsAlive: false };
        }
        catch (IOException)
        {
            return false;
        }
    }

    [GeneratedRegex($"^{Prefix}([0-9]{{1,3}})$")]
    private static partial Regex BridgePattern();
}
