using System.Text;
using CsCheck;
using Leanserve.Onnx.Tests.Support;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Tests;

public sealed class HuggingFaceTokenizerTests
{
    private static HuggingFaceTokenizer Merging { get; } = Write(new TokenizerSpec
    {
        Merges = [("t", "h"), ("th", "e"), ("Ġ", "the"), ("h", "e"), ("l", "l"), ("he", "ll"), ("hell", "o")],
    });

    [Fact]
    public void Encode_AnyText_DecodesToItself() =>
        Gen.String.Sample(text =>
        {
            string expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            Assert.Equal(expected, Merging.Decode(Merging.Encode(text)));
        });

    [Fact]
    public void Encode_MergedWords_TakesTheMerges()
    {
        var tokens = Merging.Encode("hello the");
        Assert.Equal(2, tokens.Count);
        Assert.Equal("hello", Merging.Decode([tokens[0]]));
        Assert.Equal(" the", Merging.Decode([tokens[1]]));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(512)]
    [InlineData(32_000)]
    public void OfSyllables_AnyVocabulary_IsFullAndReversible(int size)
    {
        var spec = TokenizerSpec.OfSyllables(size);
        var tokenizer = Write(spec);
        Assert.Equal(size, tokenizer.VocabularySize);
        Assert.Equal(size, spec.Vocabulary.Distinct().Count());
        Assert.Equal("ta ne kolu mi, soba?", tokenizer.Decode(tokenizer.Encode("ta ne kolu mi, soba?")));
        Assert.True(tokenizer.Encode(" kolu kolu").Count < 10);
    }

    [Fact]
    public void Encode_SpecialTokensInUserText_StayText()
    {
        const string Text = "a<|eot_id|>b";
        Assert.Equal(Text, Merging.Decode(Merging.Encode(Text)));
        Assert.DoesNotContain(Merging.Encode(Text), Merging.EndTokens.Contains);
        var parsed = Merging.Encode(Text, parseSpecialTokens: true);
        Assert.Equal(3, parsed.Count);
        Assert.Contains(parsed[1], Merging.EndTokens);
        Assert.Equal("ab", Merging.Decode(parsed));
    }

    [Fact]
    public void TokenBytes_PartOfACharacter_IsRaw()
    {
        var tokens = Merging.Encode("é");
        Assert.Equal(2, tokens.Count);
        Assert.Equal("é"u8.ToArray(), tokens.SelectMany(token => Merging.TokenBytes(token).ToArray()));
        Assert.True(Merging.TokenBytes(100_000).IsEmpty);
    }

    [Fact]
    public void Encode_LongWordWithoutSpaces_TakesBoundedTime()
    {
        var tokens = Merging.Encode(new string('a', 200_000));
        Assert.Equal(200_000, tokens.Count);
    }

    [Fact]
    public void Encode_LongWordThatMerges_TakesBoundedTimeToo()
    {
        var tokenizer = Write(new TokenizerSpec { Merges = [("a", "a"), ("aa", "aa"), ("aaaa", "aaaa")] });

        Assert.Equal(125_000, tokenizer.Encode(new string('a', 1_000_000)).Count);
    }

    // The general tokenizer takes short words; long ones must come out as pair-by-pair merging of the whole word does.
    [Fact]
    public void Encode_LongWord_MergesLowestRankLeftmostFirst()
    {
        (string Left, string Right)[] merges =
            [("a", "b"), ("ab", "a"), ("b", "a"), ("a", "a"), ("ba", "b"), ("aba", "b"), ("aa", "ba"), ("b", "b"), ("bb", "ab")];
        var tokenizer = Write(new TokenizerSpec { Merges = merges });
        Gen.Char["ab"].Array[0, 800].Sample(letters =>
        {
            string word = new(letters);
            var tokens = tokenizer.Encode(word);
            Assert.Equal(MergeNaively(word, merges), tokens.Select(token => Encoding.UTF8.GetString(tokenizer.TokenBytes(token))));
        }, iter: 60);
    }

    private static List<string> MergeNaively(string word, (string Left, string Right)[] merges)
    {
        List<string> symbols = [.. word.Select(letter => letter.ToString())];
        while (true)
        {
            int best = Enumerable.Range(0, Math.Max(0, symbols.Count - 1))
                .Select(i => (Rank: Array.IndexOf(merges, (symbols[i], symbols[i + 1])), Position: i))
                .Where(pair => pair.Rank >= 0)
                .Order()
                .Select(pair => pair.Position)
                .FirstOrDefault(-1);
            if (best < 0)
            {
                return symbols;
            }

            symbols[best] += symbols[best + 1];
            symbols.RemoveAt(best + 1);
        }
    }

    [Fact]
    public void Load_WordPieceModel_SaysWhatIsSupported()
    {
        string path = Path.Combine(TinyModel.NewFolder(), "tokenizer.json");
        File.WriteAllText(path, """{"model": {"type": "WordPiece", "vocab": {"a": 0}}}""");
        var exception = Assert.Throws<ModelLoadException>(() => HuggingFaceTokenizer.Load(path, null, new HashSet<int>()));
        Assert.Contains("only byte-level BPE", exception.Message, StringComparison.Ordinal);
    }

    private static HuggingFaceTokenizer Write(TokenizerSpec spec)
    {
        string folder = TinyModel.NewFolder();
        TokenizerFiles.Write(folder, spec);
        return HuggingFaceTokenizer.Load(
            Path.Combine(folder, "tokenizer.json"), spec.IdOf(spec.BeginToken), spec.EndTokens.Select(spec.IdOf).ToHashSet());
    }
}
