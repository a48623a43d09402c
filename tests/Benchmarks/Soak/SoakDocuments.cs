using Leanserve.Benchmarks.Engine;
using Leanserve.Benchmarks.Prediction;
using Leanserve.Contracts;
using Leanserve.Engine.Knowledge;

namespace Leanserve.Benchmarks.Soak;

/// <summary>Two knowledge sources, one that stays and one of which every edition differs, and servers over them.</summary>
internal sealed class SoakDocuments : IDisposable
{
    public const string ModelName = "soak";
    public const string Stable = "handbook";
    public const string Changing = "news";

    private readonly TemporaryDirectory _folder = new();

    public SoakDocuments()
    {
        Directory.CreateDirectory(FolderOf(Stable));
        Directory.CreateDirectory(FolderOf(Changing));
        File.WriteAllText(Path.Combine(FolderOf(Stable), "rules.md"), SoakRequest.Words(new Random(1), 300));
        Write(0);
    }

    /// <summary>Editions written so far.</summary>
    public int Editions { get; private set; }

    /// <summary>Content hash of the source that changes, as it lies there now.</summary>
    public string Hash { get; private set; } = "";

    public void Write(int edition)
    {
        File.WriteAllText(Path.Combine(FolderOf(Changing), "today.md"), SoakRequest.Words(new Random(100 + edition), 60 + (edition % 7)));
        Editions = Math.Max(Editions, edition + 1);
        Hash = KnowledgeFolder.Read(Changing, FolderOf(Changing)).ContentHash;
    }

    public Task<ServerProcess> ServeAsync(CancellationToken cancellationToken) => ServerProcess.StartAsync(
        new RuntimeConfig
        {
            ModelName = ModelName,
            ModelDirectory = BenchmarkModel.Open(WeightPrecision.Int4).Directory,
            Threads = Hardware.Threads,
            ExecutionProvider = Hardware.Provider,
            Port = ServerProcess.FreePort(),
            Knowledge = new KnowledgeConfig
            {
                Mode = KnowledgeMode.Cag,
                Sources = [.. new[] { Stable, Changing }.Select(name => new KnowledgeDirectory { Name = name, Directory = FolderOf(name) })],
            },
            Decoding = new DecodingConfig { Mode = DecodingMode.Sampling },

            // Fewer slots than all prompts together would fill, so that caches are given up all the time.
            Limits = new EngineLimits { KvSlots = 12_288, MaxConcurrentRequests = 12, MaxQueuedRequests = 256, MaxOutputTokens = 128 },
        },
        _folder.Path,
        cancellationToken);

    public void Dispose() => _folder.Dispose();

    private string FolderOf(string name) => Path.Combine(_folder.Path, name);
}
