using CsCheck;
using Leanserve.Engine.Knowledge;

namespace Leanserve.Engine.Tests.Knowledge;

public sealed class SentenceBoundaryTests
{
    [Theory]
    [InlineData("Tea is at four. Soup is at noon.", "Tea is at four.| Soup is at noon.")]
    [InlineData("Ask Dr. Grey. She knows.", "Ask Dr. Grey.| She knows.")]
    [InlineData("J. R. Smith left. Then rain fell.", "J. R. Smith left.| Then rain fell.")]
    [InlineData("See Fig. 3 and No. 5. They differ.", "See Fig. 3 and No. 5.| They differ.")]
    [InlineData("Pi is 3.14 or so. The price is 4.50 euros.", "Pi is 3.14 or so.| The price is 4.50 euros.")]
    [InlineData("Take fruit, e.g. Apples. Eat it.", "Take fruit, e.g. Apples.| Eat it.")]
    [InlineData("Pens, paper etc. are free. Ask.", "Pens, paper etc. are free.| Ask.")]
    [InlineData("Pens, paper etc. Staff may ask.", "Pens, paper etc.| Staff may ask.")]
    [InlineData("\"Come in.\" He came.", "\"Come in.\"| He came.")]
    [InlineData("(It is shut.) Go home!", "(It is shut.)| Go home!")]
    [InlineData("Where does X live? At the mill. He rests.", "Where does X live? At the mill.| He rests.")]
    [InlineData("Who? Me? Yes. No.", "Who? Me? Yes.| No.")]
    [InlineData("Where is it?\nIn the hall.\nNext line.", "Where is it?\nIn the hall.|\n|Next line.")]
    [InlineData("**Where is it?**\nIn the hall.", "**Where is it?**\nIn the hall.")]
    [InlineData("Where is it?\n\nOther matters.", "Where is it?\n|\n|Other matters.")]
    [InlineData("Really?! Well... so it is. Fine.", "Really?! Well... so it is.| Fine.")]
    [InlineData("Visit www.example.com/a.b today. Bye.", "Visit www.example.com/a.b today.| Bye.")]
    [InlineData("Dr.\nNext", "Dr.|\n|Next")]
    [InlineData("会议在三点。地点在大厅。", "会议在三点。|地点在大厅。")]
    [InlineData("会议在哪里？在大厅。完。", "会议在哪里？在大厅。|完。")]
    public void After_Text_CutsBehindStatementsOnly(string text, string expected)
    {
        var parts = new List<string>();
        for (var from = 0; from < text.Length;)
        {
            var to = SentenceBoundary.After(text, from, text.Length);
            parts.Add(text[from..to]);
            from = to;
        }

        Assert.Equal(expected, string.Join('|', parts));
    }

    [Fact]
    public void After_AnyText_MovesOnAndStaysInside() =>
        Gen.String[Gen.Char["aA. ?!\n\"(1…。？"], 1, 60].Sample(text =>
        {
            for (var from = 0; from < text.Length;)
            {
                var to = SentenceBoundary.After(text, from, text.Length);
                Assert.InRange(to, from + 1, text.Length);
                from = to;
            }
        });
}
