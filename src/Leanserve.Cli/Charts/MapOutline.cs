namespace Leanserve.Cli.Charts;

/// <summary>Where a map's areas meet, and where their names find most room.</summary>
internal static class MapOutline
{
    /// <summary>Borders between cells of which <paramref name="differ"/> says that they do, as lines in units of cells.</summary>
    public static List<IReadOnlyList<Point>> Borders(CategoryMap map, Func<(int Column, int Row), (int Column, int Row), bool> differ)
    {
        List<IReadOnlyList<Point>> lines = [];
        for (var column = 1; column < map.Columns; column++)
        {
            AddRuns(lines, map.Rows, row => differ((column - 1, row), (column, row)), at => new Point(column, at));
        }

        for (var row = 1; row < map.Rows; row++)
        {
            AddRuns(lines, map.Columns, column => differ((column, row - 1), (column, row)), at => new Point(at, row));
        }

        return lines;
    }

    /// <summary>The cell of a category that lies farthest from every other, and how far that is in cells; null where the category is nowhere.</summary>
    public static (int Column, int Row, int Distance)? Heart(CategoryMap map, int category)
    {
        (int Column, int Row, int Distance)? best = null;
        for (var column = 0; column < map.Columns; column++)
        {
            for (var row = 0; row < map.Rows; row++)
            {
                if (map.Cells[column, row] == category && Clearance(map, column, row, category, best?.Distance ?? 0) is { } distance && distance > (best?.Distance ?? 0))
                {
                    best = (column, row, distance);
                }
            }
        }

        return best;
    }

    private static void AddRuns(List<IReadOnlyList<Point>> lines, int length, Func<int, bool> isBorder, Func<int, Point> at)
    {
        for (var start = 0; start < length; start++)
        {
            var end = start;
            while (end < length && isBorder(end))
            {
                end++;
            }

            if (end > start)
            {
                lines.Add([at(start), at(end)]);
                start = end;
            }
        }
    }

    // A name is wide rather than high: the room around it is twice as wide as high. Null where it is no more than what was found before.
    private static int? Clearance(CategoryMap map, int column, int row, int category, int atLeast)
    {
        for (var distance = 0; ; distance++)
        {
            for (var dx = -2 * distance; dx <= 2 * distance; dx++)
            {
                for (var dy = -distance; dy <= distance; dy++)
                {
                    var (x, y) = (column + dx, row + dy);
                    if (x < 0 || y < 0 || x >= map.Columns || y >= map.Rows || map.Cells[x, y] != category)
                    {
                        return distance > atLeast ? distance : null;
                    }
                }
            }
        }
    }
}
