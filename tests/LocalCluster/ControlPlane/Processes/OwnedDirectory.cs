namespace LocalCluster.ControlPlane.Processes;

/// <summary>
/// A temporary directory that belongs to this process: removed on disposal, or by the next run when this process was killed.
/// </summary>
public sealed class OwnedDirectory : IDisposable
{
    private const string NamePrefix = "leanserve-cluster-";
    private const string OwnerFileName = ".owner";

    private OwnedDirectory(string path) => Path = path;

    /// <summary>The directory's full path; readable by its owner only.</summary>
    public string Path { get; }

    /// <summary>Creates one under <paramref name="parent"/>, after removing those there whose owners are gone.</summary>
    public static OwnedDirectory Create(string parent)
    {
        RemoveAbandoned(parent);
        string path = System.IO.Path.Combine(parent, NamePrefix + Guid.NewGuid().ToString("N")[..12]);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(System.IO.Path.Combine(path, OwnerFileName), ProcessIdentity.Current.ToString());
        return new OwnedDirectory(path);
    }

    /// <summary>Removes the directory and everything in it.</summary>
    public void Dispose() => Remove(Path);

    private static void RemoveAbandoned(string parent)
    {
        foreach (string path in Directory.EnumerateDirectories(parent, NamePrefix + "*"))
        {
            string ownerFile = System.IO.Path.Combine(path, OwnerFileName);
            // No owner file: another run is just creating it.
            if (File.Exists(ownerFile) && ProcessIdentity.TryParse(File.ReadAllText(ownerFile)) is { IsAlive: false })
            {
                Remove(path);
            }
        }
    }

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another run removed it first.
        }
    }
}
