namespace Leanserve.Planner;

/// <summary>
/// One replica under a Poisson load: a birth–death chain over the requests in the system, its completion rate that of the <see cref="ServiceCurve"/>,
/// its room the places in service and in the queue. Buffers are reused between solutions.
/// </summary>
/// <remarks>
/// The engine shares its time among the requests in service; under processor sharing the distribution over the number in service depends on the mean
/// work only, so the chain holds for answers of any length.
/// </remarks>
public sealed class QueueLoad
{
    // Initial requests leave and new ones join evenly while a request stays, so the average number that it meets varies by 2/3 of the variance on arrival.
    private static readonly double MeetShrink = Math.Sqrt(2.0 / 3.0);

    private const double Negligible = 1e-10;

    // e^-40 is below the precision of a share.
    private const double LongestWait = 40;

    private readonly double[] probability;
    private ServiceCurve curve = null!;
    private double arrivals;
    private double prefillBusy;
    private double prefillWait;
    private int queuePlaces;

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

    /// <summary>Finds the distribution over the number in the system.</summary>
    /// <param name="service">The replica's speed.</param>
    /// <param name="arrivalsPerSecond">Poisson rate of requests to this replica; at least 0.</param>
    /// <param name="places">Requests that may wait.</param>
    public void Solve(ServiceCurve service, double arrivalsPerSecond, int places)
    {
        curve = service;
        arrivals = arrivalsPerSecond;
        var most = service.Limit + places;
        var sum = probability[0] = 1;
        Last = most;
        for (var n = 1; n <= most; n++)
        {
            probability[n] = probability[n - 1] * (arrivalsPerSecond / service.Rate(Math.Min(n, service.Limit)));
            sum += probability[n];
            if (probability[n] < Negligible * sum)
            {
                Last = n;
                break;
            }

            Rescale(n, ref sum);
        }

        Normalise(sum, most);
    }

    /// <summary>Time to first token of a request that finds nobody else, in seconds.</summary>
    public double FirstTokenAloneSeconds => FirstTokenSeconds(0);

    /// <summary>Share of requests that start and end in time, the refused ones counted as late.</summary>
    /// <param name="ttft">Bound on the time to first token in seconds; infinite for none.</param>
    /// <param name="whole">Bound on the whole answer in seconds; infinite for none.</param>
    /// <param name="ownPromptTokens">Prompt tokens of the judged requests.</param>
    public double ShareWithin(double ttft, double whole, double ownPromptTokens)
    {
        var excess = OwnExcessSeconds(ownPromptTokens);
        var share = 0.0;
        var end = Math.Min(Last, curve.Limit + queuePlaces - 1);
        for (var n = 0; n <= end; n++)
        {
            if (probability[n] < Negligible)
            {
                continue;
            }

            var slack = ttft - FirstTokenSeconds(n);
            slack = double.IsPositiveInfinity(whole) ? slack - excess : Math.Min(slack, whole - AnswerSeconds(n)) - excess;
            if (slack < 0)
            {
                // Who finds more before it waits longer still.
                break;
            }

            share += probability[n] * PrefillWaitWithin(slack);
        }

        return Math.Min(share, 1);
    }

    /// <summary>The time to first token below which <paramref name="quantile"/> of the admitted requests stay, in seconds.</summary>
    /// <remarks>
    /// Who finds n others starts after f(n) and an exponential wait, and f rises with n; so between f(n) and f(n + 1) the share that has started is
    /// s − b·e^(−(t − f(n)) / w) with sums s and b over the states up to n, and the quantile is where that meets its goal.
    /// </remarks>
    public double FirstTokenQuantile(double quantile)
    {
        var goal = quantile * (1 - Refused);
        var end = Math.Min(Last, curve.Limit + queuePlaces - 1);
        double admitted = 0, waiting = 0, from = FirstTokenSeconds(0);
        for (var n = 0; ; n++)
        {
            admitted += probability[n];
            waiting += probability[n] * prefillBusy;
            if (admitted - waiting >= goal)
            {
                return from;
            }

            var next = n < end ? FirstTokenSeconds(n + 1) : double.PositiveInfinity;
            var stillWaiting = waiting * Math.Exp((from - next) / prefillWait);
            if (admitted - stillWaiting >= goal || n == end)
            {
                return from + (prefillWait * Math.Log(waiting / Math.Max(admitted - goal, Negligible)));
            }

            (waiting, from) = (stillWaiting, next);
        }
    }

    /// <summary>The time to the whole answer below which <paramref name="quantile"/> of the admitted requests stay, in seconds.</summary>
    public double AnswerQuantile(double quantile)
    {
        var below = 0.0;
        var goal = quantile * (1 - Refused);
        for (var n = 0; n <= Last; n++)
        {
            var upTo = below + probability[n];
            if (upTo >= goal)
            {
                // Between two numbers in the system the time lies between theirs: requests arrive while others are partly done.
                var from = AnswerSeconds(Math.Max(n - 0.5, 0));
                return from + ((AnswerSeconds(n + 0.5) - from) * (goal - below) / probability[n]);
            }

            below = upTo;
        }

        return AnswerSeconds(Last);
    }

    /// <summary>Mean seconds between answer tokens.</summary>
    public double InterTokenSeconds()
    {
        var mean = 0.0;
        for (var n = 0; n <= Last; n++)
        {
            mean += probability[n] * curve.InterTokenSeconds(Met(n) + 1);
        }

        return mean;
    }

    private double FirstTokenSeconds(int found)
    {
        var others = Math.Min(found, curve.Limit - 1);
        var shape = curve.Shape;
        var chunks = Math.Ceiling(shape.PromptTokens / curve.Cost.ChunkTokens);
        // It joins at the end of the running step; each of its chunks shares a step with the others' next tokens.
        var step = others > 0 ? curve.StepSeconds(others) : 0;
        var shared = others > 0 ? chunks * (step - curve.StepSeconds(0)) : 0;
        return shape.SecondsBefore + curve.Cost.Profile.SecondsPerRequest + WaitSeconds(found) + (step / 2) + shared + curve.PrefillSeconds(others + 1);
    }

    private double AnswerSeconds(double found) => WaitSeconds(found) + curve.ResidenceSeconds(Met(found) + 1);

    private double Met(double found) => MeanInService + (MeetShrink * (Math.Min(found, curve.Limit - 1) - MeanInService));

    private double WaitSeconds(double found) => found < curve.Limit ? 0 : (found - curve.Limit + 1) / curve.FullRate;

    private double OwnExcessSeconds(double ownPromptTokens)
    {
        var usual = curve.Shape.PromptTokens;
        return ownPromptTokens == usual
            ? 0
            : curve.Cost.PrefillSeconds(curve.Shape, ownPromptTokens, MeanInService + 1) - curve.Cost.PrefillSeconds(curve.Shape, usual, MeanInService + 1);
    }

    // Prompts are computed one after the other: a single server of constant service time, whose wait is near exponential once there is one.
    private double PrefillWaitWithin(double slack) =>
        slack >= LongestWait * prefillWait ? 1 : 1 - (prefillBusy * Math.Exp(-slack / prefillWait));

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

    private void Normalise(double sum, int most)
    {
        MeanInService = 0;
        queuePlaces = most - curve.Limit;
        for (var n = 0; n <= Last; n++)
        {
            probability[n] /= sum;
            MeanInService += probability[n] * Math.Min(n, curve.Limit);
        }

        Refused = Last == most ? probability[most] : 0;
        var others = Math.Clamp((int)Math.Round(MeanInService), 1, curve.Limit);
        var prompt = curve.PrefillSeconds(others);
        prefillBusy = Math.Min(arrivals * prompt, 0.95);
        prefillWait = prompt / 2 / (1 - prefillBusy);
    }
}
