using Leanserve.Cli.Charts;
using SkiaSharp;

namespace Leanserve.Cli.Tests.Charts;

/// <summary>Axes, and pictures as they come out.</summary>
public sealed class ChartTests
{
    [Fact]
    public void Ticks_OfALogarithmicAxis_LabelDecadesAndThrees()
    {
        var labels = new ChartAxis("tokens", 1000, 500_000, Logarithmic: true).Ticks().Select(tick => tick.Label).OfType<string>();
        Assert.Equal(["1k", "3k", "10k", "30k", "100k", "300k"], labels);
    }

    [Fact]
    public void Ticks_OfALinearAxisInPercent_AreRoundSteps()
    {
        var labels = new ChartAxis("right answers", 0, 1, Percent: true).Ticks().Select(tick => tick.Label);
        Assert.Equal(["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"], labels);
    }

    [Theory]
    [InlineData(SeriesStyle.Bars)]
    [InlineData(SeriesStyle.Lines)]
    internal void Picture_OfSeries_HasTheirColoursInkAndIntervals(SeriesStyle style)
    {
        var drawing = Accuracy(style, [new Estimate(0.8, 0.75, 0.85), null]).Draw();
        using var picture = SKBitmap.Decode(PngFormat.Write(drawing));
        var colours = picture.Pixels.Select(pixel => pixel.ToString()).ToHashSet();
        Assert.Equal((int)(drawing.Width * 2), picture.Width);
        Assert.Contains("#ff" + Palette.Series[0][1..].ToLowerInvariant(), colours);
        Assert.Contains("#ff222222", colours);
    }

    [Fact]
    public void Draw_WithAValueMissing_SaysWhichSeries()
    {
        var exception = Assert.Throws<ArgumentException>(() => Accuracy(SeriesStyle.Bars, [new Estimate(0.8)]).Draw());
        Assert.Contains("'Cag' has 1 values for 2 categories", exception.Message, StringComparison.Ordinal);
    }

    private static SeriesChart Accuracy(SeriesStyle style, IReadOnlyList<Estimate?> values) => new()
    {
        Title = "Right answers",
        Style = style,
        CategoryTitle = "documents",
        Categories = ["1k", "8k"],
        ValueAxis = new("right answers", 0, 1, Percent: true),
        Series = [new Series("Cag", values)],
    };
}
