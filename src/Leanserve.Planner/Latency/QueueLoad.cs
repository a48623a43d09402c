namespace Leanserve.Planner;

/// <summary>
/// One replica under a Poisson load: a chain over the requests in the system, its completion rate that of the <see cref="ServiceCurve"/>, its room the places in
/// service and in the queue; and the times that requests see, by the number that they find. Buffers are reused between solutions.
/// </summary>
/// <remarks>
/// The engine shares its time among the requests in service; under processor sharing the distribution over the number in service depends on the mean
/// work only, so the chain holds for answers of any length. Since prompts go first, more are in service with as much work. Those who wait outside do so in order, and
/// answers of one length leave evenly: the queue's tail is shorter than a birth–death chain's. The formulas are held to a simulation of the engine, see the tests.
/// </remarks>
public sealed class QueueLoad
{
    /// <summary>Precision of percentiles, as a share of them.</summary>
    private const double Tolerance = 1e-3;

    private const double FirstStride = 0.5;

    /// <summary>A smaller share of requests is none: candidates that serve nobody in time tie.</summary>
    private const double None = 1e-9;

    private readonly SystemDistribution found;
    private readonly FoundTimes times;
    private readonly Func<double, double> excess;
    private ServiceLoad load;
    private int places;
    private double goal;
    private bool judgesAnswer;

    /// <param name="mostInSystem">Places in service and in the queue that a solution may ask for.</param>
    public QueueLoad(int mostInSystem)
    {
        found = new SystemDistribution(mostInSystem);
        times = new FoundTimes(mostInSystem);
        excess = Excess;
    }

    /// <summary>Share of requests turned away because the queue is full.</summary>
    public double Refused => found.Refused;

    public double MeanInService => found.MeanInService;

    public double Utilization => load.Arrivals / Curve.FullRate;

    /// <summary>Share of time with at least one request in service.</summary>
    public double Busy => 1 - found[0];

    /// <summary>Time to first token of a request that finds nobody else, in seconds.</summary>
    public double FirstTokenAloneSeconds => Curve.SecondsBefore + Curve.PrefillSeconds(1);

    /// <summary>Time to the whole answer of such a request, in seconds.</summary>
    public double AnswerAloneSeconds => Curve.SecondsBefore + Curve.ResidenceSeconds(1);

    private ServiceCurve Curve => load.Curve;

    // Of the states that find a place in service, the last; of those that find one in the queue, the last.
    private int LastAdmitted => Math.Min(found.Last, Curve.Limit - 1);

    private int LastQueued => Math.Min(found.Last, Curve.Limit + places - 1);

    /// <summary>Finds the distribution over the number in the system.</summary>
    /// <param name="service">The replica's speed.</param>
    /// <param name="arrivalsPerSecond">Poisson rate of requests to this replica; at least 0.</param>
    /// <param name="queuePlaces">Requests that may wait.</param>
    public void Solve(ServiceCurve service, double arrivalsPerSecond, int queuePlaces)
    {
        places = queuePlaces;
        found.Solve(service, arrivalsPerSecond, queuePlaces);
        load = new ServiceLoad(service, arrivalsPerSecond, found);
        times.Reset(load);
    }

    /// <summary>Share of requests that start and end in time, the refused ones counted as late.</summary>
    /// <param name="ttft">Bound on the time to first token in seconds; infinite for none.</param>
    /// <param name="whole">Bound on the whole answer in seconds; infinite for none.</param>
    /// <param name="ownPromptTokens">Prompt tokens of the judged requests.</param>
    public double ShareWithin(double ttft, double whole, double ownPromptTokens)
    {
        var usual = Curve.Shape.PromptTokens;
        if (ownPromptTokens == usual)
        {
            return Share(ttft, whole, default);
        }

        var found = MeanInService > 0 ? Math.Min(MeanInService / Busy, Curve.Limit) : 0;
        return Share(ttft, whole, new OwnExcess(Of(1), Of(found + 1)));

        double Of(double requests) => Curve.Cost.PrefillSeconds(Curve.Shape, ownPromptTokens, requests) - Curve.Cost.PrefillSeconds(Curve.Shape, usual, requests);
    }

    /// <summary>The time to first token below which a share of the admitted requests stay, in seconds.</summary>
    /// <param name="quantile">That share.</param>
    /// <param name="atLeast">A lower percentile of the same solution, where known: the search begins there.</param>
    public double FirstTokenQuantile(double quantile, double atLeast = 0) =>
        Quantile(quantile, Math.Max(atLeast, FirstTokenAloneSeconds), isAnswer: false);

    /// <summary>The time to the whole answer below which a share of the admitted requests stay, in seconds.</summary>
    /// <param name="quantile">That share.</param>
    /// <param name="atLeast">A lower percentile of the same solution, where known: the search begins there.</param>
    public double AnswerQuantile(double quantile, double atLeast = 0) =>
        Quantile(quantile, Math.Max(atLeast, AnswerAloneSeconds), isAnswer: true);

    /// <summary>Mean seconds between answer tokens.</summary>
    public double InterTokenSeconds()
    {
        var mean = 0.0;
        for (var n = 0; n <= found.Last; n++)
        {
            if (found.IsNoticeable(n))
            {
                mean += found[n] * Curve.InterTokenSeconds((n <= LastAdmitted ? load.MeanMet(n) : n) + 1);
            }
        }

        return mean;
    }

    private double Share(double ttft, double whole, in OwnExcess excess)
    {
        ttft -= Curve.SecondsBefore;
        whole -= Curve.SecondsBefore;
        var mostMetFirst = load.MostMet(whole - excess.Alone, findsAny: false);
        var mostMet = load.MostMet(whole - excess.Beside, findsAny: true);
        var share = 0.0;
        for (var n = 0; n <= LastAdmitted; n++)
        {
            if (!found.IsNoticeable(n))
            {
                continue;
            }

            // What delays the first token delays the whole answer as well.
            var within = n > 0
                ? Math.Min(times.StartsWithin(ttft - excess.Beside, n), times.MeetsAtMost(mostMet, n))
                : Math.Min(times.StartsWithin(ttft - excess.Alone, n), times.MeetsAtMost(mostMetFirst, n));
            if (within <= 0)
            {
                // Who finds more is later still.
                return share;
            }

            share += found[n] * within;
        }

        share += QueuedShare(ttft - excess.Beside, whole - excess.Beside);
        return share > None ? Math.Min(share, 1) : 0;
    }

    // Answers of one length leave one after the other at an even pace, and the next at any moment within it.
    private double QueuedShare(double ttft, double whole)
    {
        var share = 0.0;
        var startInTime = (ttft - load.QueuedPromptSeconds) * Curve.FullRate;
        var endInTime = (whole - Curve.ResidenceSeconds(Curve.Limit)) * Curve.FullRate;
        for (var (n, ahead) = (Curve.Limit, 0); n <= LastQueued; n++, ahead++)
        {
            var within = Math.Clamp(startInTime - ahead, 0, 1);
            var certain = Math.Clamp(endInTime - ahead, 0, 1);
            if (certain < within)
            {
                // The others are in time where enough places stay free after theirs.
                var wait = (ahead + ((1 + certain) / 2)) / Curve.FullRate;
                within = Math.Min(within, certain + ((1 - certain) * times.MeetsAtMost(load.MostMet(whole - wait, findsAny: false), n)));
            }

            if (within <= 0)
            {
                break;
            }

            share += found[n] * within;
        }

        return share;
    }

    // In the times' logarithms, over which shares rise more evenly; brackets double until one holds the quantile.
    private double Quantile(double quantile, double least, bool isAnswer)
    {
        times.Keep(found, LastQueued);
        (goal, judgesAnswer) = (quantile * (1 - Refused), isAnswer);
        var start = (At: Math.Log(least) + Tolerance, Value: Excess(Math.Log(least) + Tolerance));
        if (start.Value >= 0)
        {
            return least;
        }

        var most = Math.Log(Curve.SecondsBefore + (2 * Curve.ResidenceSeconds(Curve.Limit)) + ((Math.Max(found.Last - Curve.Limit, 0) + 1) / Curve.FullRate));
        for (var stride = FirstStride; start.At < most; stride *= 2)
        {
            var at = Math.Min(start.At + stride, most);
            var value = Excess(at);
            if (value >= 0)
            {
                var (below, above) = Crossing.Find(excess, start, (at, value), Tolerance);
                return Math.Exp((below + above) / 2);
            }

            start = (at, value);
        }

        return Math.Exp(most);
    }

    private double Excess(double logarithm)
    {
        var seconds = Math.Exp(logarithm);
        return (judgesAnswer ? Share(double.PositiveInfinity, seconds, default) : Share(seconds, double.PositiveInfinity, default)) - goal;
    }

    // Seconds by which a request's own prompt takes longer than the mean one: where it finds nobody, and beside as many as are found on average where any are.
    private readonly record struct OwnExcess(double Alone, double Beside);
}
