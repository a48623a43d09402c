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
    /// <summary>
    /// How far cohorts form with all places taken, of traffic whose lengths vary. Of answers of one length, simulated past capacity, it is between 0.2 and 1.2 over 177
    /// candidates of random deployments, 0.7 on average.
    /// </summary>
    public const double UsualCohorts = 0.5;

    private const double LittleCost = 0.01;

    private readonly double[] step;
    private readonly double[] beside;
    private readonly double[] residence;
    private double promptAlone;
    private double promptPerOther;
    private double cohortSeconds;

    /// <param name="most">The most requests in service that a fill may ask for.</param>
    public ServiceCurve(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        step = new double[most + 1];
        beside = new double[most + 1];
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
    public double FullRate => Limit / (residence[Limit] + (Cohorts * cohortSeconds));

    /// <summary>Whether it matters for <see cref="FullRate"/> how far cohorts form.</summary>
    public bool HasCohorts => cohortSeconds > LittleCost * residence[Limit];

    /// <summary>How far cohorts form with all places taken: 0 not at all, 1 wholly.</summary>
    public double Cohorts { get; set; }

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
        var held = cost.Profile.PreparesBetweenSteps ? cost.Profile.SecondsPerRequest : 0;
        var mix = new StepMix(cost, shape);
        for (var n = 1; n <= limit; n++)
        {
            step[n] = cost.DecodeStepSeconds(shape, n);
            var saved = n > 1 ? cost.SavedBySharing(chunk, chunkSeconds, (n - 1) * shape.TokensPerStepBeside(n - 1)) : 0;
            beside[n] = PrefillSeconds(n) - (chunks * saved);
            mix.Add();
            residence[n] = n > 1 && cost.Profile.MixesPrompts
                ? n * mix.StepSeconds(step[n]) / mix.Completions
                : (n * PrefillSeconds(n)) + ((n - 1) * held) + (shape.Steps(n) * step[n]);
        }

        CountCohorts();
    }

    /// <summary>Lowers <see cref="Limit"/> to where the completion rate is highest: past it, one more request in service slows all.</summary>
    public void TrimToPeak()
    {
        var peak = 1;
        for (var n = 2; n <= Limit; n++)
        {
            peak = Rate(n) > Rate(peak) ? n : peak;
        }

        Limit = peak;
        CountCohorts();
    }

    public double Rate(int n) => n / residence[n];

    public double StepSeconds(int n) => step[n];

    public double PrefillSeconds(double n) => promptAlone + ((n - 1) * promptPerOther);

    /// <summary>Seconds that a prompt adds to the steps of the others with n in service: less than alone where it shares their reading of the weights.</summary>
    public double AddedPrefillSeconds(int n) => beside[n];

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

    // Whoever leaves is replaced at once, and who start together share chunks evenly and leave together: cohorts form, all of whose prompts come before all of
    // their answers.
    private void CountCohorts()
    {
        Cohorts = UsualCohorts;
        cohortSeconds = Cost.Profile.MixesPrompts ? Math.Max(CohortSeconds(Limit) - residence[Limit], 0) : 0;
    }

    private double CohortSeconds(int requests)
    {
        var tokens = requests * Shape.PromptTokens;
        var chunks = Math.Max(Cost.Chunks(Shape), tokens / Cost.ChunkTokens);
        var work = new StepWork(0, 0, requests, tokens / chunks, tokens * (chunks - 1) / (2 * chunks), tokens / chunks * Shape.PromptTokens / 2, requests / chunks);
        return (chunks * Cost.StepSeconds(Shape, work)) + (Shape.Steps(requests) * step[requests]);
    }

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
