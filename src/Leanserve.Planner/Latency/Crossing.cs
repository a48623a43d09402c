namespace Leanserve.Planner;

/// <summary>Where a rising function crosses zero, by the ITP method: false position where it pays, and at most one evaluation more than bisection.</summary>
/// <remarks>Oliveira and Takahashi, "An Enhancement of the Bisection Method Average Performance Preserving Minmax Optimality", ACM TOMS 47(1), 2020.</remarks>
internal static class Crossing
{
    private const double Truncation = 0.2;

    /// <summary>An interval no wider than <paramref name="tolerance"/> around the crossing: the function is below 0 at its start and not below at its end.</summary>
    /// <param name="rising">The function.</param>
    /// <param name="start">A point with its value, which is below 0.</param>
    /// <param name="end">A later point with its value, which is not.</param>
    /// <param name="tolerance">The widest answer.</param>
    public static (double Start, double End) Find(Func<double, double> rising, (double At, double Value) start, (double At, double Value) end, double tolerance)
    {
        var strength = Truncation / (end.At - start.At);
        var reach = tolerance * Math.Pow(2, Math.Ceiling(Math.Log2((end.At - start.At) / tolerance)));
        for (; end.At - start.At > tolerance; reach /= 2)
        {
            var at = Next(start, end, strength, reach);
            var value = rising(at);
            _ = value < 0 ? start = (at, value) : end = (at, value);
        }

        return (start.At, end.At);
    }

    // The line's crossing, moved a little towards the middle, and no farther from it than lets halvings finish in time.
    private static double Next((double At, double Value) start, (double At, double Value) end, double strength, double reach)
    {
        var width = end.At - start.At;
        var middle = start.At + (width / 2);
        var line = ((end.Value * start.At) - (start.Value * end.At)) / (end.Value - start.Value);
        var towards = Math.Sign(middle - line);
        var step = Math.Min(strength * width * width, Math.Abs(middle - line));
        var truncated = line + (towards * step);
        var farthest = reach - (width / 2);
        return Math.Abs(truncated - middle) <= farthest ? truncated : middle - (towards * farthest);
    }
}
