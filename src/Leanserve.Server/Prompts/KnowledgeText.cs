using System.Globalization;
using System.Text;
using Leanserve.Contracts;
using Leanserve.Engine.Knowledge;

namespace Leanserve.Server.Prompts;

/// <summary>How documents and passages are written into a prompt.</summary>
public static class KnowledgeText
{
    /// <summary>All documents in full; empty where there are none.</summary>
    public static string OfDocuments(IEnumerable<KnowledgeDocument> documents)
    {
        var text = new StringBuilder();
        foreach (var document in documents.Where(document => !string.IsNullOrWhiteSpace(document.Text)))
        {
            AppendHeader(text, document.Source);
            text.Append(document.Text.TrimEnd());
        }

        return text.ToString();
    }

    /// <summary>Retrieved passages with the sources that an answer can cite; empty where there are none.</summary>
    public static string OfPassages(IReadOnlyList<ScoredPassage> passages)
    {
        var text = new StringBuilder();
        for (var i = 0; i < passages.Count; i++)
        {
            var passage = passages[i].Passage;
            var heading = passage.Heading.Length > 0 ? $" ({passage.Heading})" : "";
            var page = passage.Page is { } number ? string.Create(CultureInfo.InvariantCulture, $", page {number}") : "";
            AppendHeader(text, string.Create(CultureInfo.InvariantCulture, $"[{i + 1}] {passage.Source}{page}{heading}"));
            text.Append(passage.Text);
        }

        return text.ToString();
    }

    private static void AppendHeader(StringBuilder text, string header) =>
        text.Append(text.Length == 0 ? KnowledgeFraming.Instruction : "").Append(KnowledgeFraming.Header(header));
}
