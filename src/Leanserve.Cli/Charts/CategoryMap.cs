namespace Leanserve.Cli.Charts;

/// <summary>A named area of a map.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Fill">How it is painted.</param>
internal sealed record MapCategory(string Name, Fill Fill);

/// <summary>A named point on a map.</summary>
internal sealed record MapMarker(double X, double Y, string Label);

/// <summary>Which category holds at each point of a grid over two axes.</summary>
internal sealed record CategoryMap
{
    public required string Title { get; init; }

    public string? Subtitle { get; init; }

    public required ChartAxis XAxis { get; init; }

    public required ChartAxis YAxis { get; init; }

    /// <summary>Index into <see cref="Categories"/>, by column from the left and row from the bottom; the cells divide the axes evenly.</summary>
    public required int[,] Cells { get; init; }

    /// <summary>A number within the category, such as replicas: thin lines separate different ones. Null draws none.</summary>
    public int[,]? Levels { get; init; }

    /// <summary>What a thin line means, for the legend.</summary>
    public string? LevelMeaning { get; init; }

    public required IReadOnlyList<MapCategory> Categories { get; init; }

    public MapMarker? Marker { get; init; }

    /// <summary>Lines of small print under the picture.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public int Columns => Cells.GetLength(0);

    public int Rows => Cells.GetLength(1);
}
