namespace Leanserve.Planner.Tests;

/// <summary>Numbers in sentences: never on the other side of the bound that the sentence is about.</summary>
public sealed class WordingTests
{
    [Theory]
    [InlineData(0.948, 95, "94.8 %")]
    [InlineData(0.94999, 95, "94.9 %")]
    [InlineData(0.945, 95, "94.5 %")]
    [InlineData(0.944, 95, "94 %")]
    [InlineData(0.9501, 95, "95 %")]
    [InlineData(0.98999, 99, "98.9 %")]
    [InlineData(0.04996, 5, "4.9 %")]
    [InlineData(0, 95, "0 %")]
    public void Percent_OfAShareAndItsBound_ShowsOnWhichSideItIs(double share, int bound, string words) => Assert.Equal(words, Wording.Percent(share, bound));

    [Theory]
    [InlineData(3, 3.004, "3 s", "3.01 s")]
    [InlineData(1.2351, 1.2353, "1.23 s", "1.24 s")]
    [InlineData(3, 4.2, "3 s", "4.2 s")]
    public void Apart_TwoTimes_AreDifferentWords(double less, double more, string one, string other) => Assert.Equal((one, other), Wording.Apart(less, more, Wording.Time));

    [Theory]
    [InlineData(0.0123, "0.0123")]
    [InlineData(0.00195, "0.00195")]
    [InlineData(0.00004, "0.00004")]
    [InlineData(0.333333, "0.333")]
    [InlineData(61234, "61,234")]
    [InlineData(0, "0")]
    public void Digits_OfAnySize_AreAtLeastThree(double value, string words) => Assert.Equal(words, Wording.Digits(value));

    [Theory]
    [InlineData(0.0619, 0.061)]
    [InlineData(1.999, 1.9)]
    [InlineData(40_999, 40_000)]
    [InlineData(7, 7)]
    public void RoundDown_Always_KeepsTwoDigitsAndNeverMore(double value, double rounded) => Assert.Equal(rounded, Wording.RoundDown(value));

    [Fact]
    public void Or_OfOptions_LeavesOutWhatIsNull()
    {
        Assert.Equal("use RAG, use fewer bits or take more memory", Wording.Or("use RAG", null, "use fewer bits", "take more memory"));
        Assert.Equal("use RAG or take more memory", Wording.Or(null, "use RAG", null, "take more memory"));
        Assert.Equal("take more memory", Wording.Or(null, "take more memory"));
    }
}
