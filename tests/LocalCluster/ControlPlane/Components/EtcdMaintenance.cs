using System.Net.Http.Json;
using System.Text.Json;

namespace LocalCluster.ControlPlane.Components;

/// <summary>Where etcd keeps its data, and its compaction.</summary>
internal static class EtcdMaintenance
{
    private const string MemoryBackedDirectory = "/dev/shm";

    // etcd's log alone takes 64 MB at once; containers' default /dev/shm has just that.
    private const long RequiredBytes = 1L << 30;

    /// <summary>A directory in memory where there is one with room, since etcd syncs every write to its disk; else the temporary one.</summary>
    public static string FastestDirectory()
    {
        bool isRoomy = Directory.Exists(MemoryBackedDirectory)
            && new DriveInfo(MemoryBackedDirectory).AvailableFreeSpace >= RequiredBytes;
        return isRoomy ? MemoryBackedDirectory : Path.GetTempPath();
    }

    /// <summary>Compacts etcd at its current revision, over its JSON gateway.</summary>
    public static async Task CompactAsync(Uri etcd, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = etcd };
        // "AA==" is the key "\0"; only the revision in the answer's header matters.
        JsonElement range = await PostAsync(http, "v3/kv/range", new { key = "AA==" }, cancellationToken).ConfigureAwait(false);
        string? revision = range.GetProperty("header").GetProperty("revision").GetString();
        await PostAsync(http, "v3/kv/compaction", new { revision, physical = true }, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync(path, body, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken).ConfigureAwait(false);
    }
}
