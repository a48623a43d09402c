namespace LocalCluster.ControlPlane.Binaries;

/// <summary>Finds commands.</summary>
internal static class Executables
{
    // A user's PATH often lacks the administrator's folders, where Debian puts ip(8).
    private static readonly string[] s_administratorFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>The path of <paramref name="command"/>, itself a path or a name to look up on PATH; null when there is none.</summary>
    public static string? Find(string command) =>
        command.Contains('/')
            ? File.Exists(command) ? command : null
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Concat(s_administratorFolders)
                .Select(folder => Path.Combine(folder, command))
                .FirstOrDefault(File.Exists);
}
