using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>Chooses files from an object's keys, as <c>items</c> of a configMap or secret volume do.</summary>
internal static class KeyedFiles
{
    private const int DefaultModeBits = 0b110_100_100;

    /// <summary>The mode for a file: the item's, else the volume's, else 0644.</summary>
    public static UnixFileMode Mode(int? item, int? volume) => (UnixFileMode)(item ?? volume ?? DefaultModeBits);

    /// <summary>All keys, or those that <paramref name="items"/> name at the paths that they give.</summary>
    /// <exception cref="VolumeNotReadyException">An item names a key that is missing.</exception>
    public static IReadOnlyList<VolumeFile> Select(
        IReadOnlyDictionary<string, byte[]> data, IList<V1KeyToPath>? items, int? defaultMode, bool optional, string owner)
    {
        if (items is null or { Count: 0 })
        {
            return [.. data.Select(entry => new VolumeFile(entry.Key, entry.Value, Mode(null, defaultMode)))];
        }

        var files = new List<VolumeFile>();
        foreach (var item in items)
        {
            if (data.TryGetValue(item.Key, out var content))
            {
                files.Add(new VolumeFile(item.Path, content, Mode(item.Mode, defaultMode)));
            }
            else if (!optional)
            {
                throw new VolumeNotReadyException($"references non-existent config key: {item.Key} in {owner}; its keys: {string.Join(", ", data.Keys.Order())}");
            }
        }

        return files;
    }
}
