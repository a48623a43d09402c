namespace Leanserve.Cli.Charts;

/// <summary>A point in pixels from the top left.</summary>
internal readonly record struct Point(double X, double Y);

/// <summary>A colour, as <c>#RRGGBB</c>, with diagonal lines of another over it where <paramref name="Hatch"/> names one.</summary>
internal sealed record Fill(string Color, string? Hatch = null);

/// <summary>A line's colour, width in pixels, and dashes where it has some.</summary>
internal sealed record Stroke(string Color, double Width = 1, bool Dashed = false);

/// <summary>Where a text lies against its point.</summary>
internal enum TextAnchor
{
    Start,
    Middle,
    End,
}

/// <summary>One thing drawn.</summary>
internal abstract record Shape;

internal sealed record RectangleShape(double X, double Y, double Width, double Height, Fill? Fill, Stroke? Stroke = null) : Shape;

/// <summary>Straight lines from point to point; each list is a line of its own.</summary>
internal sealed record LineShape(IReadOnlyList<IReadOnlyList<Point>> Lines, Stroke Stroke) : Shape;

internal sealed record CircleShape(Point Center, double Radius, Fill Fill, Stroke? Stroke = null) : Shape;

/// <summary>A line of text; <paramref name="At"/> is on its base line. A halo of the background keeps it readable over colours.</summary>
internal sealed record TextShape(Point At, string Text, double Size, TextAnchor Anchor, string Color, bool Bold, bool Upward, bool Halo) : Shape;
