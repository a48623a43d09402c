namespace Leanserve.Cli.Charts;

/// <summary>A picture as a list of shapes, in pixels from the top left; later shapes lie over earlier ones. <see cref="SvgFormat"/> and <see cref="PngFormat"/> write it.</summary>
internal sealed class Drawing(double width, double height, string description)
{
    private readonly List<Shape> shapes = [];

    public double Width { get; } = width;

    public double Height { get; } = height;

    /// <summary>What the picture shows, for those who cannot see it.</summary>
    public string Description { get; } = description;

    public IReadOnlyList<Shape> Shapes => shapes;

    /// <summary>The width of a text in pixels, on the generous side: no font is loaded for it.</summary>
    public static double WidthOf(string text, double size, bool bold = false) => text.Length * size * (bold ? 0.6 : 0.54);

    public void Rectangle(double x, double y, double width, double height, Fill? fill, Stroke? stroke = null) =>
        shapes.Add(new RectangleShape(x, y, width, height, fill, stroke));

    public void Line(Point from, Point to, Stroke stroke) => Lines([[from, to]], stroke);

    public void Lines(IReadOnlyList<IReadOnlyList<Point>> lines, Stroke stroke) => shapes.Add(new LineShape(lines, stroke));

    public void Circle(Point center, double radius, Fill fill, Stroke? stroke = null) => shapes.Add(new CircleShape(center, radius, fill, stroke));

    public void Text(
        Point at, string text, double size = 12, TextAnchor anchor = TextAnchor.Start, string color = Palette.Ink, bool bold = false, bool upward = false, bool halo = false) =>
        shapes.Add(new TextShape(at, text, size, anchor, color, bold, upward, halo));
}
