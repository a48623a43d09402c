using System.Text;
using Leanserve.Cli.Charts;

namespace Leanserve.Cli.Eval.Reporting;

/// <summary>Draws a report: exact match by strategy, a bar for each decoding, with intervals.</summary>
internal static class EvalPlot
{
    /// <summary>Endings of file names that can be written.</summary>
    public static IReadOnlyList<string> Formats { get; } = [".svg", ".png"];

    /// <summary>Writes the picture in the format of the file's name.</summary>
    public static void Write(string path, EvalReport report) => Save(path, Draw(report));

    /// <summary>Writes a picture in the format of the file's name.</summary>
    public static void Save(string path, Drawing drawing) =>
        File.WriteAllBytes(path, Path.GetExtension(path) == ".png" ? PngFormat.Write(drawing) : Encoding.UTF8.GetBytes(SvgFormat.Write(drawing)));

    private static Drawing Draw(EvalReport report)
    {
        List<string> strategies = [.. report.Cells.Select(cell => cell.Strategy).Distinct()];
        return new SeriesChart
        {
            Title = "Exact match",
            Subtitle = $"{report.Questions} questions, {report.Target}; 95 % intervals (Wilson)",
            Style = SeriesStyle.Bars,
            CategoryTitle = "knowledge",
            Categories = strategies,
            ValueAxis = new ChartAxis("exact match", 0, 1, Percent: true),
            Series =
            [
                .. report.Cells.Select(cell => cell.Decoding).Distinct().Select(decoding => new Series(
                    decoding,
                    [.. strategies.Select(strategy => Estimate(report.Cells.FirstOrDefault(cell => cell.Strategy == strategy && cell.Decoding == decoding)))])),
            ],
        }.Draw();
    }

    private static Estimate? Estimate(EvalCell? cell) => cell?.Exact is { } exact ? new Estimate(exact.Value, exact.Low, exact.High) : null;
}
