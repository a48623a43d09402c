namespace Leanserve.Cli.Charts;

/// <summary>The rectangle that data are drawn in, with its axes around it.</summary>
internal sealed record PlotFrame(double Left, double Top, double Width, double Height)
{
    private const double TickLength = 5;

    public double Right => Left + Width;

    public double Bottom => Top + Height;

    public double X(ChartAxis axis, double value) => Left + (Width * axis.Place(value));

    public double Y(ChartAxis axis, double value) => Bottom - (Height * axis.Place(value));

    public void DrawTitle(Drawing drawing, string title, string? subtitle)
    {
        drawing.Text(new(Left, 30), title, 17, bold: true);
        if (subtitle is not null)
        {
            drawing.Text(new(Left, 50), subtitle, 12, color: Palette.Faint);
        }
    }

    public void DrawHorizontalAxis(Drawing drawing, ChartAxis axis)
    {
        foreach (var tick in axis.Ticks())
        {
            var x = X(axis, tick.Value);
            drawing.Line(new(x, Bottom), new(x, Bottom + (tick.Label is null ? TickLength / 2 : TickLength)), new(Palette.Ink));
            if (tick.Label is { } label)
            {
                drawing.Text(new(x, Bottom + TickLength + 14), label, 12, TextAnchor.Middle);
            }
        }

        drawing.Text(new(Left + (Width / 2), Bottom + 42), axis.Title, 13, TextAnchor.Middle);
    }

    /// <param name="drawing">The picture.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="grid">Whether faint lines lead across the plot.</param>
    public void DrawVerticalAxis(Drawing drawing, ChartAxis axis, bool grid = false)
    {
        foreach (var tick in axis.Ticks())
        {
            var y = Y(axis, tick.Value);
            if (grid && tick.Label is not null)
            {
                drawing.Line(new(Left, y), new(Right, y), new(Palette.Grid));
            }

            drawing.Line(new(Left, y), new(Left - (tick.Label is null ? TickLength / 2 : TickLength), y), new(Palette.Ink));
            if (tick.Label is { } label)
            {
                drawing.Text(new(Left - TickLength - 4, y + 4), label, 12, TextAnchor.End);
            }
        }

        drawing.Text(new(Left - 56, Top + (Height / 2)), axis.Title, 13, TextAnchor.Middle, upward: true);
    }

    public void DrawBorder(Drawing drawing) => drawing.Rectangle(Left, Top, Width, Height, null, new(Palette.Ink));
}
