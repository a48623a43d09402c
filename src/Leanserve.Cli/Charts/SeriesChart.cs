namespace Leanserve.Cli.Charts;

/// <summary>How a series is drawn.</summary>
internal enum SeriesStyle
{
    Bars,
    Lines,
}

/// <summary>A value with the interval that it is known to, where it has one.</summary>
internal readonly record struct Estimate(double Value, double? Low = null, double? High = null);

/// <summary>A named series: one estimate for each category of the chart, null where there is none.</summary>
internal sealed record Series(string Name, IReadOnlyList<Estimate?> Values);

/// <summary>Series over categories, as bars side by side or as lines, with error bars and a legend.</summary>
internal sealed record SeriesChart
{
    private const double LegendWidth = 190;

    public required string Title { get; init; }

    public string? Subtitle { get; init; }

    public required SeriesStyle Style { get; init; }

    /// <summary>What the categories are.</summary>
    public required string CategoryTitle { get; init; }

    public required IReadOnlyList<string> Categories { get; init; }

    public required ChartAxis ValueAxis { get; init; }

    public required IReadOnlyList<Series> Series { get; init; }

    private static PlotFrame Frame { get; } = new(82, 70, 600, 380);

    private double Slot => Frame.Width / Categories.Count;

    /// <exception cref="ArgumentException">A series has more or fewer values than there are categories.</exception>
    public Drawing Draw()
    {
        if (Series.FirstOrDefault(series => series.Values.Count != Categories.Count) is { } odd)
        {
            throw new ArgumentException($"Series '{odd.Name}' has {odd.Values.Count} values for {Categories.Count} categories; give one for each, or null.");
        }

        var drawing = new Drawing(Frame.Right + LegendWidth, Frame.Bottom + 66, Title);
        drawing.Rectangle(0, 0, drawing.Width, drawing.Height, new(Palette.Paper));
        Frame.DrawTitle(drawing, Title, Subtitle);
        Frame.DrawVerticalAxis(drawing, ValueAxis, grid: true);
        for (var index = 0; index < Series.Count; index++)
        {
            DrawSeries(drawing, index);
        }

        DrawCategories(drawing);
        DrawLegend(drawing);
        return drawing;
    }

    private static string Color(int series) => Palette.Series[series % Palette.Series.Count];

    private void DrawSeries(Drawing drawing, int index)
    {
        List<Point> line = [];
        for (var category = 0; category < Categories.Count; category++)
        {
            if (Series[index].Values[category] is not { } estimate)
            {
                continue;
            }

            var at = new Point(Center(index, category), Frame.Y(ValueAxis, estimate.Value));
            line.Add(at);
            if (Style is SeriesStyle.Bars)
            {
                drawing.Rectangle(at.X - (BarWidth / 2), at.Y, BarWidth, Frame.Bottom - at.Y, new(Color(index)));
            }

            DrawInterval(drawing, at.X, estimate);
        }

        if (Style is SeriesStyle.Lines)
        {
            drawing.Lines([line], new(Color(index), 2));
            line.ForEach(at => drawing.Circle(at, 4, new(Color(index)), new(Palette.Paper, 1.5)));
        }
    }

    private void DrawInterval(Drawing drawing, double x, Estimate estimate)
    {
        if (estimate is { Low: { } low, High: { } high })
        {
            var (bottom, top) = (Frame.Y(ValueAxis, low), Frame.Y(ValueAxis, high));
            drawing.Lines([[new(x, bottom), new(x, top)], [new(x - 4, bottom), new(x + 4, bottom)], [new(x - 4, top), new(x + 4, top)]], new(Palette.Ink, 1.2));
        }
    }

    private void DrawCategories(Drawing drawing)
    {
        drawing.Line(new(Frame.Left, Frame.Bottom), new(Frame.Right, Frame.Bottom), new(Palette.Ink));
        for (var category = 0; category < Categories.Count; category++)
        {
            drawing.Text(new(Frame.Left + ((category + 0.5) * Slot), Frame.Bottom + 19), Categories[category], 12, TextAnchor.Middle);
        }

        drawing.Text(new(Frame.Left + (Frame.Width / 2), Frame.Bottom + 44), CategoryTitle, 13, TextAnchor.Middle);
    }

    private void DrawLegend(Drawing drawing)
    {
        for (var index = 0; index < Series.Count; index++)
        {
            var y = Frame.Top + (23 * index);
            drawing.Rectangle(Frame.Right + 20, y, 22, 14, new(Color(index)));
            drawing.Text(new(Frame.Right + 50, y + 11.5), Series[index].Name);
        }
    }

    private double BarWidth => Slot * 0.8 / Series.Count;

    // Lines of several series lie a little apart, so that their error bars do not cover one another.
    private double Center(int series, int category)
    {
        var apart = Style is SeriesStyle.Bars ? BarWidth : Math.Min(10, Slot * 0.1);
        return Frame.Left + ((category + 0.5) * Slot) + ((series - ((Series.Count - 1) / 2.0)) * apart);
    }
}
