namespace Leanserve.Cli.Charts;

/// <summary>Draws a <see cref="CategoryMap"/>: coloured areas with names in them, the lines where they meet, axes and a legend.</summary>
internal static class CategoryMapChart
{
    private const double LegendWidth = 190;
    private const double NoteHeight = 16;
    private const int LeastRoom = 3;
    private static readonly PlotFrame Frame = new(82, 70, 600, 440);

    public static Drawing Draw(CategoryMap map)
    {
        var drawing = new Drawing(Frame.Right + LegendWidth, Frame.Bottom + 62 + (NoteHeight * map.Notes.Count), map.Title);
        drawing.Rectangle(0, 0, drawing.Width, drawing.Height, new(Palette.Paper));
        Frame.DrawTitle(drawing, map.Title, map.Subtitle);
        DrawAreas(drawing, map);
        DrawBorders(drawing, map);
        Frame.DrawBorder(drawing);
        Frame.DrawHorizontalAxis(drawing, map.XAxis);
        Frame.DrawVerticalAxis(drawing, map.YAxis);
        DrawNames(drawing, map);
        DrawMarker(drawing, map);
        DrawLegend(drawing, map);
        for (var i = 0; i < map.Notes.Count; i++)
        {
            drawing.Text(new(Frame.Left, Frame.Bottom + 64 + (NoteHeight * i)), map.Notes[i], 11, color: Palette.Faint);
        }

        return drawing;
    }

    // Cells side by side in one colour become one rectangle, a pixel larger than itself so that no seam shows.
    private static void DrawAreas(Drawing drawing, CategoryMap map)
    {
        for (var row = 0; row < map.Rows; row++)
        {
            for (var column = 0; column < map.Columns;)
            {
                var end = column + 1;
                while (end < map.Columns && map.Cells[end, row] == map.Cells[column, row])
                {
                    end++;
                }

                var (left, bottom) = At(map, new(column, row));
                var (right, top) = At(map, new(end, row + 1));
                drawing.Rectangle(left, top, right - left + (end < map.Columns ? 1 : 0), bottom - top + (row > 0 ? 1 : 0), map.Categories[map.Cells[column, row]].Fill);
                column = end;
            }
        }
    }

    private static void DrawBorders(Drawing drawing, CategoryMap map)
    {
        if (map.Levels is { } levels)
        {
            drawing.Lines(
                InPixels(map, MapOutline.Borders(map, (one, other) => SameArea(map, one, other) && levels[one.Column, one.Row] != levels[other.Column, other.Row])),
                new("#FFFFFF", 1.2));
        }

        drawing.Lines(InPixels(map, MapOutline.Borders(map, (one, other) => !SameArea(map, one, other))), new(Palette.Ink, 1.6));
    }

    private static void DrawNames(Drawing drawing, CategoryMap map)
    {
        for (var category = 0; category < map.Categories.Count; category++)
        {
            if (MapOutline.Heart(map, category) is { Distance: >= LeastRoom } heart)
            {
                var (x, y) = At(map, new(heart.Column + 0.5, heart.Row + 0.5));
                drawing.Text(new(x, y + 5), map.Categories[category].Name, 14, TextAnchor.Middle, bold: true, halo: true);
            }
        }
    }

    private static void DrawMarker(Drawing drawing, CategoryMap map)
    {
        if (map.Marker is { } marker)
        {
            var at = new Point(Frame.X(map.XAxis, marker.X), Frame.Y(map.YAxis, marker.Y));
            drawing.Circle(at, 5, new(Palette.Ink), new(Palette.Paper, 2));
            var left = at.X + Drawing.WidthOf(marker.Label, 12) + 12 > Frame.Right;
            drawing.Text(new(at.X + (left ? -10 : 10), at.Y - 8), marker.Label, 12, left ? TextAnchor.End : TextAnchor.Start, halo: true);
        }
    }

    private static void DrawLegend(Drawing drawing, CategoryMap map)
    {
        var (x, y) = (Frame.Right + 20, Frame.Top);
        foreach (var category in map.Categories)
        {
            drawing.Rectangle(x, y, 22, 14, category.Fill, new(Palette.Ink, 0.8));
            drawing.Text(new(x + 30, y + 11.5), category.Name);
            y += 23;
        }

        y += 6;
        drawing.Line(new(x, y), new(x + 22, y), new(Palette.Ink, 1.6));
        drawing.Text(new(x + 30, y + 4), "the choice flips");
        if (map is { Levels: not null, LevelMeaning: { } meaning })
        {
            y += 23;
            drawing.Rectangle(x, y - 7, 22, 14, new("#BBBBBB"));
            drawing.Line(new(x, y), new(x + 22, y), new(Palette.Paper, 1.2));
            drawing.Text(new(x + 30, y + 4), meaning);
        }
    }

    private static bool SameArea(CategoryMap map, (int Column, int Row) one, (int Column, int Row) other) =>
        map.Cells[one.Column, one.Row] == map.Cells[other.Column, other.Row];

    private static List<IReadOnlyList<Point>> InPixels(CategoryMap map, List<IReadOnlyList<Point>> lines) =>
        lines.ConvertAll(IReadOnlyList<Point> (line) => [.. line.Select(point => At(map, point))]);

    private static Point At(CategoryMap map, Point cell) =>
        new(Frame.Left + (Frame.Width * cell.X / map.Columns), Frame.Bottom - (Frame.Height * cell.Y / map.Rows));
}
