namespace Leanserve.Engine.Knowledge;

/// <summary>The files of a folder that may be documents: see <see cref="KnowledgeFolder.Read"/> for the rules.</summary>
internal static class FolderFiles
{
    private const int MaxLinks = 40;

    public static IReadOnlyList<(string RelativePath, string FullPath)> List(string directory, List<string> skipped)
    {
        var files = new List<(string, string)>();
        var root = RealPath(Path.GetFullPath(directory));
        Collect(new DirectoryInfo(root), root, files, skipped);
        return files;
    }

    private static void Collect(DirectoryInfo folder, string root, List<(string, string)> files, List<string> skipped)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry.Name.StartsWith("..", StringComparison.Ordinal))
            {
                continue;
            }

            var isLink = entry.LinkTarget is not null;
            if (entry is DirectoryInfo child)
            {
                // .git and its like hold no documents; a linked folder could lead in a circle.
                if (!isLink && !entry.Name.StartsWith('.'))
                {
                    Collect(child, root, files, skipped);
                }

                continue;
            }

            AddFile(entry.FullName, isLink, root, files, skipped);
        }
    }

    private static void AddFile(string path, bool isLink, string root, List<(string, string)> files, List<string> skipped)
    {
        var relative = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
        var target = isLink ? RealPath(path) : path;
        var info = new FileInfo(target);
        if (!info.Exists)
        {
            skipped.Add($"{relative}: a link to nothing");
        }
        else if (!target.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal))
        {
            skipped.Add($"{relative}: a link that leaves the folder");
        }
        else if (info.Length > KnowledgeFolder.MaxFileBytes)
        {
            skipped.Add($"{relative}: {info.Length} bytes, more than {KnowledgeFolder.MaxFileBytes}");
        }
        else
        {
            files.Add((relative, target));
        }
    }

    // Component by component, because .NET resolves only the last one, and a ConfigMap's links pass through the linked folder ..data.
    private static string RealPath(string path)
    {
        var resolved = "/";
        var rest = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        for (var links = 0; rest.TryPop(out var component);)
        {
            var next = Path.GetFullPath(Path.Combine(resolved, component));
            var target = links < MaxLinks ? new FileInfo(next).LinkTarget : null;
            if (target is null)
            {
                resolved = next;
                continue;
            }

            links++;
            resolved = Path.IsPathRooted(target) ? "/" : resolved;
            foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                rest.Push(part);
            }
        }

        return resolved;
    }
}
