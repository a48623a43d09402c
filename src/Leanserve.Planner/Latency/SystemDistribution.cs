namespace Leanserve.Planner;

/// <summary>Probabilities of the number of requests in service and in the queue of one replica under a Poisson load. The buffer is reused between solutions.</summary>
internal sealed class SystemDistribution
{
    private const double Negligible = 1e-10;
    private const double Noticeable = 1e-8;
    private const double Overwhelming = 1e15;

    private readonly double[] probability;
    private readonly double[] cumulative;
    private ServiceCurve curve = null!;
    private double arrivals;
    private int places;

    /// <param name="mostInSystem">Places in service and in the queue that a solution may ask for.</param>
    public SystemDistribution(int mostInSystem)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostInSystem, 1);
        probability = new double[mostInSystem + 1];
        cumulative = new double[mostInSystem + 1];
    }

    /// <summary>The highest number that has a noticeable probability.</summary>
    public int Last { get; private set; }

    /// <summary>Share of requests turned away because the queue is full.</summary>
    public double Refused { get; private set; }

    public double MeanInService { get; private set; }

    public double this[int number] => probability[number];

    /// <summary>Probability of at most so many.</summary>
    public double AtMost(int number) => cumulative[Math.Min(number, Last)];

    public bool IsNoticeable(int number) => probability[number] >= Noticeable;

    /// <summary>Finds the probabilities.</summary>
    /// <param name="service">The replica's speed.</param>
    /// <param name="arrivalsPerSecond">Poisson rate of requests to this replica; at least 0.</param>
    /// <param name="queuePlaces">Requests that may wait.</param>
    public void Solve(ServiceCurve service, double arrivalsPerSecond, int queuePlaces)
    {
        curve = service;
        arrivals = arrivalsPerSecond;
        places = queuePlaces;
        var body = SolveBody();
        var tail = Last == curve.Limit ? SolveTail(ref body) : 0;
        var scale = 1 / (body + tail);
        var sum = 0.0;
        MeanInService = 0;
        for (var n = 0; n <= Last; n++)
        {
            probability[n] *= scale;
            cumulative[n] = sum += probability[n];
            MeanInService += probability[n] * Math.Min(n, curve.Limit);
        }

        Refused = Last == curve.Limit + places ? probability[Last] : 0;
    }

    private double SolveBody()
    {
        var sum = probability[0] = 1;
        for (var n = 1; n < curve.Limit; n++)
        {
            probability[n] = probability[n - 1] * arrivals / curve.Rate(n);
            sum += probability[n];
            if (probability[n] < Negligible * sum)
            {
                Last = n;
                return sum;
            }

            Rescale(n, ref sum);
        }

        Last = curve.Limit;
        return sum;
    }

    // With all places taken: as much probability as in the birth–death chain, which keeps the flow in balance, but in a tail that falls as fast as one of
    // services of one length does: by the ratio 1/z with ln z = ρ(z − 1), of which ρ·e^(ρ−1) is within a few percent where it matters.
    private double SolveTail(ref double body)
    {
        var ratio = arrivals / curve.FullRate;
        var tail = probability[curve.Limit - 1] * ratio * GeometricSum(ratio, places + 1);
        if (!(tail < Overwhelming * body))
        {
            Array.Clear(probability, 0, curve.Limit);
            (body, tail) = (0, 1);
        }

        var decay = ratio * Math.Exp(ratio - 1);
        var full = ratio > 1 ? (1 - (1 / ratio)) / (1 - Math.Pow(ratio, -places - 1)) : Math.Pow(decay, places) / GeometricSum(decay, places + 1);
        Last = curve.Limit + places;
        probability[Last] = full * tail;
        Spread((1 - full) * tail, decay);
        while (Last > curve.Limit && probability[Last] < Negligible * (body + tail))
        {
            Last--;
        }

        return tail;
    }

    // Over the states in which somebody may still join the queue, largest first so that no power overflows.
    private void Spread(double mass, double decay)
    {
        var (start, stride, factor) = decay <= 1 ? (curve.Limit, 1, decay) : (curve.Limit + places - 1, -1, 1 / decay);
        var next = mass / GeometricSum(factor, places);
        for (var i = 0; i < places; i++)
        {
            probability[start + (i * stride)] = next;
            next *= factor;
        }
    }

    private static double GeometricSum(double ratio, int terms) => Math.Abs(ratio - 1) < 1e-9 ? terms : (1 - Math.Pow(ratio, terms)) / (1 - ratio);

    private void Rescale(int upTo, ref double sum)
    {
        const double large = 1e200;
        if (sum < large)
        {
            return;
        }

        for (var i = 0; i <= upTo; i++)
        {
            probability[i] /= large;
        }

        sum /= large;
    }
}
