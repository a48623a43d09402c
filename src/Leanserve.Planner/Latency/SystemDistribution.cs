namespace Leanserve.Planner;

/// <summary>Probabilities of the number of requests in service and in the queue of one replica under a Poisson load. The buffers are reused between solutions.</summary>
/// <remarks>
/// A birth–death chain of the <see cref="ServiceCurve"/>'s rates, then tilted by its <see cref="Crowding"/>: as often idle as before, for the work is the same.
/// </remarks>
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

    /// <summary>Of these, in their prompts.</summary>
    public double Prompting { get; private set; }

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
        var (mean, square) = Scale(1 / (body + tail));
        var crowding = new Crowding(service, arrivals, mean);
        Prompting = crowding.Prompting;
        Tilt(crowding, mean, square);
    }

    // Gives the mean in service, and the mean square of the others there.
    private (double Mean, double Square) Scale(double factor)
    {
        var (mean, square) = (0.0, 0.0);
        probability[0] *= factor;
        for (var n = 1; n <= Last; n++)
        {
            probability[n] *= factor;
            var inService = Math.Min(n, curve.Limit);
            mean += probability[n] * inService;
            square += probability[n] * (inService - 1) * (inService - 1);
        }

        return (mean, square);
    }

    private void Tilt(in Crowding crowding, double mean, double square)
    {
        var busy = 1 - probability[0];
        var others = busy > 0 ? (mean / busy) - 1 : 0;
        var factor = others > 0 ? crowding.Tilt(others, (square / busy) - (others * others), curve.Limit - 1) : 1;
        var (power, tilted) = (1.0, 0.0);
        for (var n = 1; n <= Last; n++)
        {
            tilted += probability[n] *= power;
            power *= n + 1 < curve.Limit ? factor : 1;
        }

        var scale = tilted > 0 ? busy / tilted : 0;
        var sum = cumulative[0] = probability[0];
        MeanInService = 0;
        for (var n = 1; n <= Last; n++)
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
            probability[n] = probability[n - 1] * arrivals * curve.CompletionSeconds(n);
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

    private double SolveTail(ref double body)
    {
        var queue = new QueueTail(arrivals / curve.FullRate, places);
        var tail = probability[curve.Limit - 1] * queue.Mass;
        if (!(tail < Overwhelming * body))
        {
            Array.Clear(probability, 0, curve.Limit);
            (body, tail) = (0, 1);
        }

        Last = curve.Limit + places;
        queue.Spread(tail, probability.AsSpan(curve.Limit, places + 1));
        while (Last > curve.Limit && probability[Last] < Negligible * (body + tail))
        {
            Last--;
        }

        return tail;
    }

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
