namespace Leanserve.Benchmarks.Prediction;

/// <summary>Two non-negative costs a and b that best explain measured times: least squares of the relative errors.</summary>
internal static class TwoCosts
{
    private const double Least = 1e-12;

    /// <summary>Costs that add up: x·a + y·b.</summary>
    /// <param name="points">How often each cost was paid, and the seconds measured.</param>
    /// <returns>Seconds of each cost; at least a trillionth, so that rates made of them are finite.</returns>
    public static (double A, double B) Fit(IReadOnlyList<(double X, double Y, double Seconds)> points)
    {
        double xx = points.Sum(point => point.X * point.X / (point.Seconds * point.Seconds));
        double yy = points.Sum(point => point.Y * point.Y / (point.Seconds * point.Seconds));
        double xy = points.Sum(point => point.X * point.Y / (point.Seconds * point.Seconds));
        double x = points.Sum(point => point.X / point.Seconds);
        double y = points.Sum(point => point.Y / point.Seconds);
        double determinant = (xx * yy) - (xy * xy);
        double a = ((x * yy) - (y * xy)) / determinant;
        double b = ((y * xx) - (x * xy)) / determinant;
        return a < Least ? (Least, y / yy) : b < Least ? (x / xx, Least) : (a, b);
    }

    /// <summary>Costs that overlap, joined as the planner joins them: the root of (x·a)² + (y·b)².</summary>
    /// <inheritdoc cref="Fit"/>
    public static (double A, double B) FitSquares(IReadOnlyList<(double X, double Y, double Seconds)> points)
    {
        (double a, double b) = Fit([.. points.Select(point => (point.X * point.X, point.Y * point.Y, point.Seconds * point.Seconds))]);
        return (Math.Sqrt(a), Math.Sqrt(b));
    }
}
