using System.Text;

namespace Leanserve.Cli.Eval.Scoring;

/// <summary>How well an answer fits the accepted ones, as SQuAD scores it (Rajpurkar et al., 2016): without case, punctuation and articles.</summary>
/// <param name="Exact">Whether it equals one of them.</param>
/// <param name="F1">Best harmonic mean of the shares of common words.</param>
internal readonly record struct AnswerScore(bool Exact, double F1)
{
    private static readonly string[] Articles = ["a", "an", "the"];

    public static AnswerScore Of(string answer, IEnumerable<string> accepted)
    {
        var said = Words(answer);
        var references = accepted.Select(Words).ToList();
        return new AnswerScore(references.Any(reference => reference.SequenceEqual(said)), references.Max(reference => Overlap(said, reference)));
    }

    /// <summary>Whether a text holds the words of another in a row.</summary>
    public static bool Holds(string text, string words) =>
        $" {string.Join(' ', Words(text))} ".Contains($" {string.Join(' ', Words(words))} ", StringComparison.Ordinal);

    private static string[] Words(string text)
    {
        var kept = new StringBuilder();
        foreach (var character in text.ToLowerInvariant())
        {
            kept.Append(char.IsPunctuation(character) || char.IsSymbol(character) ? "" : char.IsWhiteSpace(character) ? ' ' : character);
        }

        return [.. kept.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => !Articles.Contains(word))];
    }

    private static double Overlap(string[] said, string[] reference)
    {
        if (said.Length == 0 || reference.Length == 0)
        {
            return said.Length == reference.Length ? 1 : 0;
        }

        var left = reference.CountBy(word => word).ToDictionary();
        var common = said.Count(word => left.TryGetValue(word, out var count) && count > 0 && (left[word] = count - 1) >= 0);
        return 2.0 * common / (said.Length + reference.Length);
    }
}
