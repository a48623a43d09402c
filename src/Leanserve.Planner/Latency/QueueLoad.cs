namespace Leanserve.Planner;

/// <summary>
/// One replica under a Poisson load: a chain over the requests in the system, its completion rate that of the <see cref="ServiceCurve"/>, its room the places in
/// service and in the queue. Buffers are reused between solutions.
/// </summary>
/// <remarks>
/// The engine shares its time among the requests in service; under processor sharing the distribution over the number in service depends on the mean
/// work only, so the chain holds for answers of any length. Those who wait outside do so in order, and answers of one length leave evenly: the queue's tail is
/// shorter than a birth–death chain's. The formulas are held to a simulation of the engine, see the tests.
/// </remarks>
public sealed class QueueLoad
{
    private const double Negligible = 1e-10;
    private const double Overwhelming = 1e15;
    private const int Halvings = 16;

    private readonly double[] probability;
    private ServiceCurve curve = null!;
    private double arrivals;
    private int places;
    private FirstTokenTimes firstToken;
    private AnswerTimes answer;

    /// <param name="mostInSystem">Places in service and in the queue that a solution may ask for.</param>
    public QueueLoad(int mostInSystem)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostInSystem, 1);
        probability = new double[mostInSystem + 1];
    }

    /// <summary>The highest number in the system that has a noticeable probability.</summary>
    public int Last { get; private set; }

    /// <summary>Share of requests turned away because the queue is full.</summary>
    public double Refused { get; private set; }

    public double MeanInService { get; private set; }

    public double Utilization => arrivals / curve.FullRate;

    /// <summary>Share of time with at least one request in service.</summary>
    public double Busy => 1 - probability[0];

    /// <summary>Time to first token of a request that finds nobody else, in seconds.</summary>
    public double FirstTokenAloneSeconds => curve.SecondsBefore + curve.PrefillSeconds(1);

    /// <summary>Finds the distribution over the number in the system.</summary>
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
        MeanInService = 0;
        for (var n = 0; n <= Last; n++)
        {
            probability[n] /= body + tail;
            MeanInService += probability[n] * Math.Min(n, curve.Limit);
        }

        Refused = Last == curve.Limit + places ? probability[Last] : 0;
        firstToken = new FirstTokenTimes(curve, arrivals, MeanInService);
        answer = new AnswerTimes(curve, arrivals, MeanInService);
    }

    /// <summary>Share of requests that start and end in time, the refused ones counted as late.</summary>
    /// <param name="ttft">Bound on the time to first token in seconds; infinite for none.</param>
    /// <param name="whole">Bound on the whole answer in seconds; infinite for none.</param>
    /// <param name="ownPromptTokens">Prompt tokens of the judged requests.</param>
    public double ShareWithin(double ttft, double whole, double ownPromptTokens)
    {
        var excess = OwnExcessSeconds(ownPromptTokens);
        return Share(ttft - excess, whole - excess);
    }

    /// <summary>The time to first token below which <paramref name="quantile"/> of the admitted requests stay, in seconds.</summary>
    public double FirstTokenQuantile(double quantile) => Quantile(quantile, FirstTokenAloneSeconds, seconds => Share(seconds, double.PositiveInfinity));

    /// <summary>The time to the whole answer below which <paramref name="quantile"/> of the admitted requests stay, in seconds.</summary>
    public double AnswerQuantile(double quantile) =>
        Quantile(quantile, curve.SecondsBefore + curve.ResidenceSeconds(1), seconds => Share(double.PositiveInfinity, seconds));

    /// <summary>Mean seconds between answer tokens.</summary>
    public double InterTokenSeconds()
    {
        var mean = 0.0;
        for (var n = 0; n <= Last; n++)
        {
            mean += probability[n] * curve.InterTokenSeconds((n < curve.Limit ? answer.MeanMet(n) : n) + 1);
        }

        return mean;
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

    private double Share(double ttft, double whole)
    {
        ttft -= curve.SecondsBefore;
        whole -= curve.SecondsBefore;
        var mostMetFirst = answer.MostMet(whole, findsAny: false);
        var mostMet = answer.MostMet(whole, findsAny: true);
        var share = 0.0;
        var end = Math.Min(Last, curve.Limit + places - 1);
        for (var n = 0; n <= end; n++)
        {
            if (probability[n] < Negligible)
            {
                continue;
            }

            // What delays the first token delays the whole answer as well.
            var within = n < curve.Limit
                ? Math.Min(firstToken.Within(ttft, n), answer.MeetsAtMost(n > 0 ? mostMet : mostMetFirst, n))
                : WithinAfterWait(Math.Min(ttft - firstToken.PromptSeconds(curve.Limit - 1), whole - curve.ResidenceSeconds(curve.Limit)), n);
            if (within <= 0)
            {
                // Who finds more is later still.
                break;
            }

            share += probability[n] * within;
        }

        return Math.Min(share, 1);
    }

    // Answers of one length leave one after the other at an even pace; the next leaves at any moment within it.
    private double WithinAfterWait(double slack, int found) => Math.Clamp((slack * curve.FullRate) - (found - curve.Limit), 0, 1);

    private double Quantile(double quantile, double low, Func<double, double> share)
    {
        var goal = quantile * (1 - Refused);
        if (share(low * (1 + Negligible)) >= goal)
        {
            return low;
        }

        var high = curve.SecondsBefore + (2 * curve.ResidenceSeconds(curve.Limit)) + ((Math.Max(Last - curve.Limit, 0) + 1) / curve.FullRate);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = Math.Sqrt(low * high);
            _ = share(middle) < goal ? low = middle : high = middle;
        }

        return high;
    }

    private double OwnExcessSeconds(double ownPromptTokens)
    {
        var usual = curve.Shape.PromptTokens;
        return ownPromptTokens == usual
            ? 0
            : curve.Cost.PrefillSeconds(curve.Shape, ownPromptTokens, MeanInService + 1) - curve.Cost.PrefillSeconds(curve.Shape, usual, MeanInService + 1);
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
