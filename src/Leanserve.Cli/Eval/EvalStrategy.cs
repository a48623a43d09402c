using System.Globalization;
using Leanserve.Contracts;

namespace Leanserve.Cli.Eval;

/// <summary>How the documents of a question reach the model.</summary>
/// <param name="Name">As the user writes it.</param>
/// <param name="Mode">Null sends the question alone.</param>
/// <param name="Passages">Retrieved passages under RAG; 0 otherwise.</param>
internal sealed record EvalStrategy(string Name, KnowledgeMode? Mode, int Passages = 0)
{
    public const string Choices = "none, dense, cag or rag:N";

    private const string RagPrefix = "rag:";

    /// <summary>The strategy of a name, or null.</summary>
    public static EvalStrategy? Parse(string name) => name switch
    {
        "none" => new(name, null),
        "dense" => new(name, KnowledgeMode.Dense),
        "cag" => new(name, KnowledgeMode.Cag),
        _ when name.StartsWith(RagPrefix, StringComparison.Ordinal)
            && int.TryParse(name[RagPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 100
            => new(name, KnowledgeMode.Rag, count),
        _ => null,
    };

    /// <summary>The question alone, sent to an endpoint that adds documents by a strategy of its own.</summary>
    public static EvalStrategy ServedBy(KnowledgeMode knowledge) => new($"{knowledge.ToString().ToLowerInvariant()} (served)", null);
}
