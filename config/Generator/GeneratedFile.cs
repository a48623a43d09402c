namespace Leanserve.Generator;

/// <summary>A file of the repository that is written by this tool.</summary>
/// <param name="Path">Relative to the repository's root, with forward slashes.</param>
/// <param name="Content">The whole text.</param>
public sealed record GeneratedFile(string Path, string Content)
{
    /// <summary>Whether the file under <paramref name="root"/> is absent or differs.</summary>
    public bool IsStale(string root)
    {
        var path = System.IO.Path.Combine(root, Path);
        return !File.Exists(path) || File.ReadAllText(path) != Content;
    }

    /// <summary>Writes the file under <paramref name="root"/>.</summary>
    public void Write(string root)
    {
        var path = System.IO.Path.Combine(root, Path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Content);
    }
}
