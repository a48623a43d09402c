namespace Leanserve.Planner;

/// <summary>
/// How fast one replica works with n requests in service, n = 1..N: step time, prompt time, residence and completion rate. Buffers are reused between fills.
/// </summary>
/// <remarks>
/// With n requests always in service, a step is what <see cref="StepMix"/> says where prompts are mixed with next tokens; elsewhere a prompt makes all others
/// wait. The residence R(n) and the completion rate n / R(n) follow, and from R(n) = prefill(n) + interference(n) + steps·step(n) what others' prompts add.
/// </remarks>
public sealed class ServiceCurve
{
    // How far cohorts form with all places taken, of traffic whose lengths vary. Where they save time, requests keep out of step as often.
    private const double UsualCohorts = 0.5;

    private const double LittleCost = 0.02;

    private readonly double[] step;
    private readonly double[] beside;
    private readonly double[] further;
    private readonly double[] prompting;
    private readonly double[] promptShare;
    private readonly double[] residence;
    private double promptAlone;
    private double promptPerOther;
    private double cohortSeconds;
    private double held;

    /// <param name="most">The most requests in service that a fill may ask for.</param>
    public ServiceCurve(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        step = new double[most + 1];
        beside = new double[most + 1];
        further = new double[most + 1];
        prompting = new double[most + 1];
        promptShare = new double[most + 1];
        residence = new double[most + 1];
    }

    /// <summary>Requests in service at most.</summary>
    public int Limit { get; private set; }

    public RequestShape Shape { get; private set; } = null!;

    public EngineCost Cost { get; private set; } = null!;

    /// <summary>Part of its time alone that a prompt takes in chunks filled up with others': 1 where only tokens cost time, tokens over chunks where only steps do.</summary>
    public double PackedShare { get; private set; }

    /// <summary>Time of a request before it asks for a place.</summary>
    public double SecondsBefore => Shape.SecondsBefore + Cost.Profile.SecondsPerRequest;

    /// <summary>Completions a second with all places taken.</summary>
    public double FullRate => 1 / (FullSeconds(Limit) + (Cohorts * cohortSeconds / Limit));

    /// <summary>Whether it matters for <see cref="FullRate"/> how far cohorts form.</summary>
    public bool HasCohorts => Math.Abs(cohortSeconds) > LittleCost * residence[Limit];

    /// <summary>Whether a cohort takes longer than requests that are mixed.</summary>
    public bool CohortsCost => cohortSeconds > 0;

    /// <summary>How far cohorts form with all places taken: 0 not at all, 1 wholly; below 0 where requests keep out of step.</summary>
    public double Cohorts { get; set; }

    /// <summary>Seconds from getting a place to the first token with all places taken, where all of a cohort's prompts are computed together.</summary>
    public double CohortPromptSeconds { get; private set; }

    public void Fill(EngineCost cost, RequestShape shape, int limit)
    {
        Cost = cost;
        Shape = shape;
        Limit = limit;
        step[0] = cost.DecodeStepSeconds(shape, 0);
        // Attention and reading grow evenly with the slots before a prompt, and those with the requests beside it.
        promptAlone = cost.PrefillSeconds(shape, shape.PromptTokens, 1);
        promptPerOther = cost.PrefillSeconds(shape, shape.PromptTokens, 2) - promptAlone;
        var chunks = cost.Chunks(shape);
        var chunk = shape.PromptTokens / chunks;
        var chunkSeconds = cost.Model.WeightsSeconds(chunk, 0);
        PackedShare = shape.PromptTokens / cost.ChunkTokens * PromptStep(cost.ChunkTokens) / (chunks * PromptStep(chunk));
        held = cost.Profile.HoldsUpOthers ? cost.Profile.SecondsPerRequest : 0;
        var mix = new StepMix(cost, shape);
        for (var n = 1; n <= limit; n++)
        {
            step[n] = cost.DecodeStepSeconds(shape, n);
            var saved = n > 1 ? cost.SavedBySharing(shape, chunk, chunkSeconds, (n - 1) * shape.TokensPerStepBeside(n - 1)) : 0;
            beside[n] = PrefillSeconds(n) - (chunks * saved) + (n > 1 ? held : 0);
            further[n] = chunks > 1 ? 0 : beside[n] + cost.LostBySharing(chunk, (n - 1) * shape.TokensPerStepBeside(n - 1));
            mix.Add();
            var average = mix.Average(step[n]);
            residence[n] = (n > 1 && cost.Profile.MixesPrompts ? n * average.StepSeconds / mix.Completions : (n * PrefillSeconds(n)) + (shape.Steps(n) * step[n])) + ((n - 1) * held);
            promptShare[n] = cost.Profile.MixesPrompts ? average.PromptShare : n * PrefillSeconds(n) / residence[n];
            prompting[n] = promptShare[n] * (cost.Profile.MixesPrompts ? average.Prompts : 1);
        }

        CountCohorts();
    }

    /// <summary>Lowers <see cref="Limit"/> to where the completion rate is highest: past it, one more request in service slows all.</summary>
    public void TrimToPeak()
    {
        var peak = 1;
        for (var n = 2; n <= Limit; n++)
        {
            peak = FullSeconds(n) < FullSeconds(peak) ? n : peak;
        }

        Limit = peak;
        CountCohorts();
    }

    /// <summary>Seconds from one completion to the next with n in service.</summary>
    public double CompletionSeconds(int n) => residence[n] / n;

    public double StepSeconds(int n) => step[n];

    public double PrefillSeconds(double n) => promptAlone + ((n - 1) * promptPerOther);

    /// <summary>Seconds by which a prompt delays the others with n in service: less than it takes alone where it shares their reading of the weights.</summary>
    public double AddedPrefillSeconds(int n) => beside[n];

    /// <summary>Seconds that one prompt more adds to a step with n in service that computes a prompt already; where prompts are one chunk.</summary>
    public double FurtherPromptSeconds(int n) => further[n];

    /// <summary>Prompts in computation on average with n in service.</summary>
    public double Prompting(int n) => prompting[n];

    /// <summary>Share of time with any prompt in computation with n in service.</summary>
    public double PromptShare(int n) => promptShare[n];

    /// <summary>Seconds by which the others' prompts lengthen one residence with n in service.</summary>
    public double InterferenceSeconds(double n)
    {
        n = Math.Clamp(n, 1, Limit);
        return At(residence, n) - PrefillSeconds(n) - (Shape.Steps(n) * At(step, n));
    }

    /// <summary>Residence with n in service, between whole numbers in a straight line.</summary>
    public double ResidenceSeconds(double n) => At(residence, n);

    /// <summary>Seconds between answer tokens with n in service, the others' prompts between them included.</summary>
    public double InterTokenSeconds(double n) => (At(residence, n) - PrefillSeconds(Math.Clamp(n, 1, Limit))) / Math.Max(Shape.TokensAfterFirst, 1);

    /// <summary>Requests in service with which the residence is so long, between whole numbers in a straight line; 0 where it is shorter than alone.</summary>
    public double RequestsWithin(double seconds)
    {
        if (seconds < residence[1])
        {
            return 0;
        }

        var (low, high) = (1, Limit);
        if (seconds >= residence[Limit])
        {
            return Limit;
        }

        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            _ = residence[middle] <= seconds ? low = middle : high = middle;
        }

        return low + ((seconds - residence[low]) / (residence[high] - residence[low]));
    }

    /// <summary>Lets cohorts form as far as usual.</summary>
    public void ResetCohorts() => Cohorts = CohortsCost ? UsualCohorts : 0;

    // Whoever leaves is replaced at once, and who start together share chunks evenly and leave together: cohorts form, all of whose prompts come before all of
    // their answers.
    private void CountCohorts()
    {
        CohortPromptSeconds = CohortPrompts(Limit);
        cohortSeconds = Cost.Profile.MixesPrompts ? CohortPromptSeconds + (Shape.Steps(Limit) * step[Limit]) - residence[Limit] : 0;
        ResetCohorts();
    }

    private double CohortPrompts(int requests)
    {
        var tokens = requests * Shape.PromptTokens;
        var chunks = Math.Max(Cost.Chunks(Shape), tokens / Cost.ChunkTokens);
        var work = new StepWork(0, 0, requests, tokens / chunks, tokens * (chunks - 1) / (2 * chunks), tokens / chunks * Shape.PromptTokens / 2, requests / chunks);
        return (chunks * Cost.StepSeconds(Shape, work)) + ((requests - 1) * held);
    }

    // Seconds from one completion to the next while others wait for a place, so that whoever comes holds up all n.
    private double FullSeconds(int n) => (residence[n] + held) / n;

    // Of a prompt halfway through.
    private double PromptStep(double tokens)
    {
        var before = Shape.PromptTokens / 2;
        return Cost.StepSeconds(Shape, new StepWork(0, 0, 1, tokens, before, tokens * before));
    }

    private double At(double[] values, double n)
    {
        n = Math.Clamp(n, 1, Limit);
        var below = (int)n;
        return below >= Limit ? values[Limit] : values[below] + ((n - below) * (values[below + 1] - values[below]));
    }
}
