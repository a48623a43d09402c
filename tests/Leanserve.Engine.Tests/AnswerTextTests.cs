using System.Text;
using CsCheck;
using Leanserve.Engine.Decoding;

namespace Leanserve.Engine.Tests;

public sealed class AnswerTextTests
{
    [Fact]
    public void Append_AnyUtf8InAnyPieces_GivesTheWholeText() =>
        Gen.Select(Gen.String, Gen.Int[1, 5]).Sample((text, size) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            var answer = new AnswerText([]);
            var result = new StringBuilder();
            foreach (byte[] piece in bytes.Chunk(size))
            {
                string added = answer.Append(piece);
                Assert.DoesNotContain('\uFFFD', added.Where(_ => !text.Contains('\uFFFD') && !HasLoneSurrogate(text)));
                result.Append(added);
            }

            result.Append(answer.Complete());
            Assert.Equal(Encoding.UTF8.GetString(bytes), result.ToString());
        });

    [Fact]
    public void Append_AnyTextAndStops_EndsBeforeTheFirstStopWithoutLeaking() =>
        Gen.Select(Gen.Char["abc"].Array[0, 30], Gen.Char["abc"].Array[1, 4].Select(each => new string(each)).Array[1, 3], Gen.Int[1, 4]).Sample(
            (characters, stops, size) =>
            {
                string text = new(characters);
                var answer = new AnswerText(stops);
                var result = new StringBuilder();
                foreach (char[] piece in text.Chunk(size))
                {
                    result.Append(answer.Append(Encoding.UTF8.GetBytes(piece)));

                    // What was given out can never have to be taken back.
                    Assert.StartsWith(result.ToString(), UpToFirstStop(text, stops, size), StringComparison.Ordinal);
                    if (answer.Stop is not null)
                    {
                        break;
                    }
                }

                result.Append(answer.Complete());
                Assert.Equal(UpToFirstStop(text, stops, size), result.ToString());
                Assert.Equal(stops.Any(text.Contains), answer.Stop is not null);
            });

    [Fact]
    public void Complete_IncompleteCharacter_BecomesReplacement()
    {
        var answer = new AnswerText([]);
        Assert.Equal("a", answer.Append([(byte)'a', 0xC3]));
        Assert.Equal("\uFFFD", answer.Complete());
    }

    /// <summary>The first piece that completes a stop string ends the answer; should it complete several, the earliest start counts.</summary>
    private static string UpToFirstStop(string text, string[] stops, int size)
    {
        for (int end = size; end < text.Length + size; end += size)
        {
            string sofar = text[..Math.Min(end, text.Length)];
            int[] starts = [.. stops.Select(stop => sofar.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0)];
            if (starts.Length > 0)
            {
                return text[..starts.Min()];
            }
        }

        return text;
    }

    private static bool HasLoneSurrogate(string text) => text.Any(char.IsSurrogate);
}
