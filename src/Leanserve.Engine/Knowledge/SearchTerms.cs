using System.Globalization;
using System.Text;

namespace Leanserve.Engine.Knowledge;

/// <summary>Turns text into the terms that the index compares: one analysis for documents and queries.</summary>
internal static class SearchTerms
{
    /// <summary>
    /// Runs of letters and digits in lower case, English plurals stripped (Harman's S-stemmer, 1991). Han, Hiragana, Katakana
    /// and Hangul have no spaces between words: each character is a term.
    /// </summary>
    public static IEnumerable<string> Of(string text)
    {
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var isIdeograph = IsIdeograph(rune);
            if (Rune.IsLetterOrDigit(rune) && !isIdeograph)
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
                continue;
            }

            // A combining mark belongs to the letter before it.
            if (word.Length > 0 && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            {
                word.Append(rune.ToString());
                continue;
            }

            if (word.Length > 0)
            {
                yield return Singular(word.ToString());
                word.Clear();
            }

            if (isIdeograph)
            {
                yield return rune.ToString();
            }
        }

        if (word.Length > 0)
        {
            yield return Singular(word.ToString());
        }
    }

    private static bool IsIdeograph(Rune rune) => rune.Value is
        (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF) or (>= 0x20000 and <= 0x2FFFF);

    private static string Singular(string word)
    {
        if (word.Length < 4 || word[^1] != 's' || word[^2] is 's' or 'u')
        {
            return word;
        }

        if (word.EndsWith("ies", StringComparison.Ordinal) && word[^4] is not ('e' or 'a'))
        {
            return word[..^3] + "y";
        }

        return word[..^1];
    }
}
