namespace Leanserve.Planner.Tests.Calibration;

/// <summary>Minimises a function of a few variables without derivatives (Nelder and Mead, 1965).</summary>
internal static class NelderMead
{
    /// <param name="function">What to minimise.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="stride">Edge of the first simplex.</param>
    /// <param name="evaluations">Calls of the function at most.</param>
    public static double[] Minimise(Func<double[], double> function, double[] start, double stride, int evaluations)
    {
        var dimensions = start.Length;
        var simplex = new (double[] Point, double Value)[dimensions + 1];
        for (var i = 0; i <= dimensions; i++)
        {
            var point = (double[])start.Clone();
            if (i < dimensions)
            {
                point[i] += stride;
            }

            simplex[i] = (point, function(point));
        }

        for (var used = dimensions + 1; used < evaluations;)
        {
            Array.Sort(simplex, (one, other) => one.Value.CompareTo(other.Value));
            used += Improve(simplex, function);
        }

        return simplex.MinBy(vertex => vertex.Value).Point;
    }

    private static int Improve((double[] Point, double Value)[] simplex, Func<double[], double> function)
    {
        var worst = simplex.Length - 1;
        var centre = Centre(simplex, worst);
        var reflected = Evaluate(Move(centre, simplex[worst].Point, -1), function);
        if (reflected.Value < simplex[0].Value)
        {
            var expanded = Evaluate(Move(centre, simplex[worst].Point, -2), function);
            simplex[worst] = expanded.Value < reflected.Value ? expanded : reflected;
            return 2;
        }

        if (reflected.Value < simplex[worst - 1].Value)
        {
            simplex[worst] = reflected;
            return 1;
        }

        var contracted = Evaluate(Move(centre, simplex[worst].Point, 0.5), function);
        if (contracted.Value < simplex[worst].Value)
        {
            simplex[worst] = contracted;
            return 2;
        }

        for (var i = 1; i < simplex.Length; i++)
        {
            simplex[i] = Evaluate(Move(simplex[0].Point, simplex[i].Point, 0.5), function);
        }

        return simplex.Length + 1;
    }

    private static double[] Centre((double[] Point, double Value)[] simplex, int without) =>
        [.. Enumerable.Range(0, simplex[0].Point.Length).Select(axis => simplex.Where((_, index) => index != without).Average(vertex => vertex.Point[axis]))];

    private static double[] Move(double[] from, double[] towards, double share) => [.. from.Zip(towards, (a, b) => a + (share * (b - a)))];

    private static (double[] Point, double Value) Evaluate(double[] point, Func<double[], double> function) => (point, function(point));
}
