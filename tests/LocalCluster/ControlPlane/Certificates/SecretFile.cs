namespace LocalCluster.ControlPlane.Certificates;

/// <summary>Writes files that only their owner may read.</summary>
internal static class SecretFile
{
    /// <summary>Writes <paramref name="content"/>, replacing the file.</summary>
    public static void Write(string path, string content)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var writer = new StreamWriter(path, options);
        writer.Write(content);
    }
}
