using System.Globalization;

namespace Leanserve.Cli.Charts;

/// <summary>A labelled mark on an axis; marks without a label are minor.</summary>
internal readonly record struct Tick(double Value, string? Label);

/// <summary>One axis: what it measures, from where to where, and how values lie on it.</summary>
/// <param name="Title">What it measures, with the unit.</param>
/// <param name="From">The lowest value; above 0 on a logarithmic axis.</param>
/// <param name="To">The highest value; above <paramref name="From"/>.</param>
/// <param name="Logarithmic">Whether equal distances are equal ratios.</param>
/// <param name="Percent">Whether values are shares that are written in percent.</param>
internal sealed record ChartAxis(string Title, double From, double To, bool Logarithmic = false, bool Percent = false)
{
    private const int MostLabels = 6;
    private const double LabelAllDecades = 3.5;
    private const double LabelHalves = 1.8;

    /// <summary>The place of a value: 0 at <see cref="From"/>, 1 at <see cref="To"/>.</summary>
    public double Place(double value) =>
        Logarithmic ? Math.Log(value / From) / Math.Log(To / From) : (value - From) / (To - From);

    public IEnumerable<Tick> Ticks() => Logarithmic ? LogarithmicTicks() : LinearTicks();

    /// <summary>A number as short as an axis wants it: 0.05, 3, 25k, 1M.</summary>
    public static string Short(double value) => Math.Abs(value) switch
    {
        >= 1e9 => Digits(value / 1e9) + "G",
        >= 1e6 => Digits(value / 1e6) + "M",
        >= 1e3 => Digits(value / 1e3) + "k",
        _ => Digits(value),
    };

    private static string Digits(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private IEnumerable<Tick> LogarithmicTicks()
    {
        var decades = Math.Log10(To / From);
        for (var exponent = (int)Math.Floor(Math.Log10(From)); exponent <= Math.Log10(To) + 1e-9; exponent++)
        {
            for (var digit = 1; digit <= 9; digit++)
            {
                var value = digit * Math.Pow(10, exponent);
                var labelled = digit == 1 || (digit is 2 or 5 && decades < LabelHalves) || (digit == 3 && decades is >= LabelHalves and < LabelAllDecades);
                if (value >= From * (1 - 1e-9) && value <= To * (1 + 1e-9))
                {
                    yield return new Tick(value, labelled ? Written(value) : null);
                }
            }
        }
    }

    private IEnumerable<Tick> LinearTicks()
    {
        var rough = (To - From) / MostLabels;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = unit * (rough / unit) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        for (var value = Math.Ceiling(From / step) * step; value <= To + (step * 1e-6); value += step)
        {
            yield return new Tick(value, Written(value));
        }
    }

    private string Written(double value) => Percent ? $"{Digits(value * 100)} %" : Short(value);
}
