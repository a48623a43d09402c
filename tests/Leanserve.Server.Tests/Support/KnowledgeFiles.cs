using Leanserve.Contracts;

namespace Leanserve.Server.Tests.Support;

/// <summary>A folder of documents.</summary>
internal sealed class KnowledgeFiles : IDisposable
{
    public KnowledgeFiles()
    {
        File.WriteAllText(Path.Combine(Root, "returns.md"), "# Returns\n\nGoods may be returned within 30 days of delivery.\n\n# Warranty\n\nDevices carry a warranty of two years.\n");
        File.WriteAllText(Path.Combine(Root, "shipping.txt"), "Parcels to islands take two weeks. Parcels on the mainland take two days.\n");
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("documents-").FullName;

    public KnowledgeConfig Config(KnowledgeMode mode) => new()
    {
        Mode = mode,
        Sources = [new KnowledgeDirectory { Name = "handbook", Directory = Root }],
        RetrievedPassages = 1,
        PassageTokens = 128,
        PassageOverlapTokens = 16,
    };

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
