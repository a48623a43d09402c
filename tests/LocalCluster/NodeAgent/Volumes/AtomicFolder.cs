using System.Globalization;

namespace LocalCluster.NodeAgents;

/// <summary>
/// A folder whose files change all at once, as kubelet's do: they lie in a folder of their own that <c>..data</c> links to, and each visible name
/// links through <c>..data</c>; an update renames a new link over <c>..data</c>.
/// </summary>
internal sealed class AtomicFolder(string path, long? group)
{
    private const string DataLink = "..data";
    private const string TemporaryLink = "..data_tmp";
    private IReadOnlyList<VolumeFile> _current = [];
    private string? _currentFolder;
    private int _generation;

    /// <summary>Shows exactly these files; does nothing where they are shown already.</summary>
    public void Write(IReadOnlyList<VolumeFile> files)
    {
        if (_currentFolder is not null && files.Count == _current.Count && files.Zip(_current).All(pair => pair.First.HasSameContent(pair.Second)))
        {
            return;
        }

        Directory.CreateDirectory(path);
        var folder = $"..generation_{(++_generation).ToString(CultureInfo.InvariantCulture)}";
        foreach (var file in files)
        {
            WriteFile(Path.Combine(path, folder), file);
        }

        Directory.CreateDirectory(Path.Combine(path, folder));
        Swap(folder);
        ShowNames(files);
        if (_currentFolder is not null)
        {
            Directory.Delete(Path.Combine(path, _currentFolder), recursive: true);
        }

        (_current, _currentFolder) = (files, folder);
    }

    private void WriteFile(string folder, VolumeFile file)
    {
        var target = Path.Combine(folder, file.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllBytes(target, file.Content);
        File.SetUnixFileMode(target, group is null ? file.Mode : file.Mode | UnixFileMode.GroupRead);
        if (group is { } id)
        {
            NativeMethods.ChangeGroup(target, id);
        }
    }

    private void Swap(string folder)
    {
        var temporary = Path.Combine(path, TemporaryLink);
        File.Delete(temporary);
        File.CreateSymbolicLink(temporary, folder);
        NativeMethods.Rename(temporary, Path.Combine(path, DataLink));
    }

    private void ShowNames(IReadOnlyList<VolumeFile> files)
    {
        var wanted = files.Select(file => file.Path.Split('/')[0]).ToHashSet();
        var shown = Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName).OfType<string>()
            .Where(name => !name.StartsWith("..", StringComparison.Ordinal)).ToHashSet();
        foreach (var name in wanted.Except(shown))
        {
            File.CreateSymbolicLink(Path.Combine(path, name), $"{DataLink}/{name}");
        }

        foreach (var name in shown.Except(wanted))
        {
            File.Delete(Path.Combine(path, name));
        }
    }
}
