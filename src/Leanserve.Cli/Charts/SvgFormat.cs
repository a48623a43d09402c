using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Leanserve.Cli.Charts;

/// <summary>Writes a drawing as SVG that browsers and code hosts show as it is: no scripts, no fonts of its own.</summary>
internal static class SvgFormat
{
    private const string Fonts = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static string Write(Drawing drawing)
    {
        var root = new XElement(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Number(drawing.Width)} {Number(drawing.Height)}"),
            new XAttribute("width", Number(drawing.Width)),
            new XAttribute("height", Number(drawing.Height)),
            new XAttribute("font-family", Fonts),
            new XAttribute("role", "img"),
            new XElement(Svg + "title", drawing.Description),
            new XElement(Svg + "defs", Hatches(drawing).Select(Pattern)),
            drawing.Shapes.Select(Element));
        return root + "\n";
    }

    private static IEnumerable<Fill> Hatches(Drawing drawing) =>
        drawing.Shapes.OfType<RectangleShape>().Select(shape => shape.Fill).OfType<Fill>().Where(fill => fill.Hatch is not null).Distinct();

    private static XElement Pattern(Fill fill) => new(
        Svg + "pattern",
        new XAttribute("id", Id(fill)),
        new XAttribute("width", 8),
        new XAttribute("height", 8),
        new XAttribute("patternUnits", "userSpaceOnUse"),
        new XAttribute("patternTransform", "rotate(45)"),
        new XElement(Svg + "rect", new XAttribute("width", 8), new XAttribute("height", 8), new XAttribute("fill", fill.Color)),
        new XElement(Svg + "rect", new XAttribute("width", 1.5), new XAttribute("height", 8), new XAttribute("fill", fill.Hatch!)));

    private static XElement Element(Shape shape) => shape switch
    {
        RectangleShape box => new(
            Svg + "rect",
            Attribute("x", box.X), Attribute("y", box.Y), Attribute("width", box.Width), Attribute("height", box.Height), Filled(box.Fill), Stroked(box.Stroke)),
        LineShape lines => new(Svg + "path", new XAttribute("d", Path(lines.Lines)), Filled(null), Stroked(lines.Stroke)),
        CircleShape circle => new(
            Svg + "circle", Attribute("cx", circle.Center.X), Attribute("cy", circle.Center.Y), Attribute("r", circle.Radius), Filled(circle.Fill), Stroked(circle.Stroke)),
        TextShape text => Text(text),
        _ => throw new ArgumentException($"{shape.GetType().Name} is no shape that SVG can show.", nameof(shape)),
    };

    private static XElement Text(TextShape text)
    {
        var (x, y) = (Number(text.At.X), Number(text.At.Y));
        var element = new XElement(
            Svg + "text",
            new XAttribute("x", x), new XAttribute("y", y), Attribute("font-size", text.Size), new XAttribute("fill", text.Color),
            text.Anchor is TextAnchor.Start ? null : new XAttribute("text-anchor", text.Anchor is TextAnchor.Middle ? "middle" : "end"),
            text.Bold ? new XAttribute("font-weight", "bold") : null,
            text.Upward ? new XAttribute("transform", $"rotate(-90 {x} {y})") : null,
            text.Text);
        if (text.Halo)
        {
            element.Add(
                new XAttribute("stroke", Palette.Paper), new XAttribute("stroke-width", 3), new XAttribute("stroke-opacity", "0.7"),
                new XAttribute("stroke-linejoin", "round"), new XAttribute("paint-order", "stroke"));
        }

        return element;
    }

    private static string Path(IReadOnlyList<IReadOnlyList<Point>> lines)
    {
        var path = new StringBuilder();
        foreach (var line in lines)
        {
            for (var i = 0; i < line.Count; i++)
            {
                path.Append(i == 0 ? 'M' : 'L').Append(Number(line[i].X)).Append(' ').Append(Number(line[i].Y));
            }
        }

        return path.ToString();
    }

    private static XAttribute Filled(Fill? fill) => new("fill", fill switch { null => "none", { Hatch: null } => fill.Color, _ => $"url(#{Id(fill)})" });

    private static XAttribute[] Stroked(Stroke? stroke) => stroke is null
        ? []
        : [new("stroke", stroke.Color), Attribute("stroke-width", stroke.Width), .. stroke.Dashed ? [new XAttribute("stroke-dasharray", "5 4")] : Array.Empty<XAttribute>()];

    private static string Id(Fill fill) => $"hatch-{fill.Color[1..]}-{fill.Hatch![1..]}";

    private static XAttribute Attribute(string name, double value) => new(name, Number(value));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
