using Leanserve.Cli.Eval.Questions;
using Leanserve.Contracts;

namespace Leanserve.Cli.Tests.Eval;

/// <summary>Documents of a generated world as files.</summary>
internal sealed class WorldFiles : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("world-").FullName;
    private readonly bool isEmpty;

    public WorldFiles(IReadOnlyList<EvalDocument> documents)
    {
        isEmpty = documents.Count == 0;
        foreach (var document in documents)
        {
            File.WriteAllText(Path.Combine(root, document.Name), document.Text);
        }
    }

    public KnowledgeConfig Config(KnowledgeMode mode) => new()
    {
        Mode = mode,
        Sources = isEmpty ? [] : [new KnowledgeDirectory { Name = "world", Directory = root }],
        RetrievedPassages = 1,
        PassageTokens = 128,
        // Half a sentence in an overlap can be answered from too, and would blur what a retrieval miss is.
        PassageOverlapTokens = 0,
    };

    public void Dispose() => Directory.Delete(root, recursive: true);
}
