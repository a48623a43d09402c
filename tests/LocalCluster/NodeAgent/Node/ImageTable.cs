namespace LocalCluster.NodeAgents;

/// <summary>
/// Maps image names to local programs. A reference is looked up as it is written, then without tag or digest, then with leading parts (registry,
/// organization) left out one by one: <c>ghcr.io/leanserve/server:1.2</c> finds an entry <c>leanserve/server</c> or <c>server</c>.
/// </summary>
public sealed class ImageTable
{
    private readonly Dictionary<string, ImageEntry> _entries = [];

    /// <summary>The names that were added, in order.</summary>
    public IEnumerable<string> Names => _entries.Keys.Order();

    /// <summary>Adds or replaces an image.</summary>
    /// <exception cref="ArgumentException">The executable is not an existing file.</exception>
    public ImageTable Add(string image, string executable, params IReadOnlyList<string> defaultArguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(image);
        var path = Path.GetFullPath(executable);
        if (!File.Exists(path))
        {
            throw new ArgumentException($"image '{image}': executable '{path}' does not exist; build it first or correct the path", nameof(executable));
        }

        // The program finds its own files beside itself, not beside a link to it.
        _entries[image] = new ImageEntry(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path, defaultArguments);
        return this;
    }

    /// <summary>The program for an image reference; null where the table has none.</summary>
    public ImageEntry? Find(string reference) =>
        CandidatesFor(reference).Select(candidate => _entries.GetValueOrDefault(candidate)).FirstOrDefault(entry => entry is not null);

    private static IEnumerable<string> CandidatesFor(string reference)
    {
        yield return reference;
        var name = reference.Split('@')[0];
        var tag = name.LastIndexOf(':');
        // A colon before the last slash belongs to a registry's port.
        name = tag > name.LastIndexOf('/') ? name[..tag] : name;
        for (var slash = -1; ;)
        {
            yield return name[(slash + 1)..];
            slash = name.IndexOf('/', slash + 1);
            if (slash < 0)
            {
                yield break;
            }
        }
    }
}
