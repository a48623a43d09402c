using Leanserve.Cli.Charts;
using Leanserve.Planner;

namespace Leanserve.Cli.Sweeps;

/// <summary>A sweep as a map of strategies.</summary>
internal static class SweepPicture
{
    // A strategy has the same colour in every map.
    private static readonly string[] Colors = ["#EEDD88", "#EE8866", "#FFAABB", "#77AADD", "#99DDFF", "#CC99BB", "#44BB99", "#BBCC33", "#AAAA00"];

    public static Drawing Draw(string name, StrategySweep sweep)
    {
        var present = sweep.Cells.Cast<SweepCell>().Select(cell => cell.Strategy).Distinct().Order().ToList();
        return CategoryMapChart.Draw(new CategoryMap
        {
            Title = $"{name}: the strategy of least total overhead",
            Subtitle = Subtitle(sweep.Input),
            XAxis = Axis(sweep.X),
            YAxis = Axis(sweep.Y),
            Cells = Map(sweep, cell => present.IndexOf(cell.Strategy)),
            Levels = Map(sweep, cell => cell.Selected?.Replicas ?? 0),
            LevelMeaning = "one replica more",
            Categories = [.. present.Select(strategy => new MapCategory(SweepCell.StrategyNames[strategy], strategy < Colors.Length ? new(Colors[strategy]) : Palette.Nothing))],
            Marker = Marker(sweep),
        });
    }

    public static string Subtitle(PlanInput input)
    {
        var objectives = new List<string>(2);
        if (input.Objectives.TimeToFirstToken is { } first)
        {
            objectives.Add($"first token within {Wording.Time(first)}");
        }

        if (input.Objectives.RequestLatency is { } whole)
        {
            objectives.Add($"answer within {Wording.Time(whole)}");
        }

        var goals = objectives.Count == 0 ? "no objectives" : $"{string.Join(", ", objectives)} for {input.Objectives.Percentile} %";
        return $"{Wording.Digits(input.Geometry.Parameters / 1e9)} G parameters, {string.Join(" or ", input.Weights.Select(weights => weights.Precision))}, on at most {input.Replicas.Max} × {input.Node.Name}; {goals}";
    }

    private static ChartAxis Axis(SweepRange range) => new(range.Axis.Title, range.From, range.To, range.Logarithmic);

    private static MapMarker? Marker(StrategySweep sweep) =>
        Within(sweep.X, sweep.Input) is { } x && Within(sweep.Y, sweep.Input) is { } y ? new MapMarker(x, y, "as stated") : null;

    private static double? Within(SweepRange range, PlanInput input) =>
        range.Axis.Present(input) is { } value && value >= range.From && value <= range.To ? value : null;

    private static int[,] Map(StrategySweep sweep, Func<SweepCell, int> value)
    {
        var map = new int[sweep.Columns, sweep.Rows];
        for (var column = 0; column < sweep.Columns; column++)
        {
            for (var row = 0; row < sweep.Rows; row++)
            {
                map[column, row] = value(sweep.Cells[column, row]);
            }
        }

        return map;
    }
}
