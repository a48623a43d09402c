namespace Leanserve.Benchmarks.Prediction;

/// <summary>Two non-negative costs a and b, so that measured times are best explained as x·a + y·b: least squares of the relative errors.</summary>
internal static class TwoCosts
{
    private const double Least = 1e-12;

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
}
