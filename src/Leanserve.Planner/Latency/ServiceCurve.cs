namespace Leanserve.Planner;

/// <summary>
/// How fast one replica works with n requests in service, n = 1..N: step time, prompt time, residence and completion rate. Buffers are reused between fills.
/// </summary>
/// <remarks>
/// While one request stays, each of the n in service has its prompt computed once, on average; so the residence is R(n) = prefill(n) + interference(n) + steps·step(n),
/// and the completion rate n / R(n). The others' prompts interfere by their own time, less what is saved where a chunk and a step of answers are computed together:
/// at most once for each of the request's steps.
/// </remarks>
public sealed class ServiceCurve
{
    private readonly double[] step;
    private readonly double[] prefill;
    private readonly double[] beside;
    private readonly double[] interference;
    private readonly double[] residence;
    private readonly double[] rate;

    /// <param name="most">The most requests in service that a fill may ask for.</param>
    public ServiceCurve(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        step = new double[most + 1];
        prefill = new double[most + 1];
        beside = new double[most + 1];
        interference = new double[most + 1];
        residence = new double[most + 1];
        rate = new double[most + 1];
    }

    /// <summary>Requests in service at most.</summary>
    public int Limit { get; private set; }

    public RequestShape Shape { get; private set; } = null!;

    public EngineCost Cost { get; private set; } = null!;

    /// <summary>Time of a request before it asks for a place.</summary>
    public double SecondsBefore => Shape.SecondsBefore + Cost.Profile.SecondsPerRequest;

    /// <summary>Completions a second with all places taken.</summary>
    public double FullRate => rate[Limit];

    public void Fill(EngineCost cost, RequestShape shape, int limit)
    {
        Cost = cost;
        Shape = shape;
        Limit = limit;
        step[0] = cost.DecodeStepSeconds(shape, 0);
        // Attention and reading grow evenly with the slots before a prompt, and those with the requests beside it.
        var alone = cost.PrefillSeconds(shape, shape.PromptTokens, 1);
        var perOther = cost.PrefillSeconds(shape, shape.PromptTokens, 2) - alone;
        var chunks = cost.Chunks(shape);
        var chunk = shape.PromptTokens / chunks;
        var chunkSeconds = cost.Model.MixedSeconds(chunk, 0);
        var held = cost.Profile.PreparesBetweenSteps ? cost.Profile.SecondsPerRequest : 0;
        for (var n = 1; n <= limit; n++)
        {
            step[n] = cost.DecodeStepSeconds(shape, n);
            prefill[n] = alone + ((n - 1) * perOther);
            var saved = n > 1 ? cost.SavedBySharing(chunk, chunkSeconds, (n - 1) * shape.TokensPerStepBeside(n - 1)) : 0;
            beside[n] = prefill[n] - (chunks * saved);
            var steps = shape.Steps(n);
            interference[n] = ((n - 1) * (prefill[n] + held)) - (Math.Min((n - 1) * chunks, steps) * saved);
            residence[n] = prefill[n] + interference[n] + (steps * step[n]);
            rate[n] = n / residence[n];
        }
    }

    /// <summary>Lowers <see cref="Limit"/> to where the completion rate is highest: past it, one more request in service slows all.</summary>
    public void TrimToPeak()
    {
        var peak = 1;
        for (var n = 2; n <= Limit; n++)
        {
            peak = rate[n] > rate[peak] ? n : peak;
        }

        Limit = peak;
    }

    public double Rate(int n) => rate[n];

    public double StepSeconds(int n) => step[n];

    public double PrefillSeconds(int n) => prefill[n];

    /// <summary>Seconds that a prompt adds to the steps of the others with n in service: less than alone where it shares their reading of the weights.</summary>
    public double AddedPrefillSeconds(int n) => beside[n];

    /// <summary>Seconds by which the others' prompts lengthen one residence with n in service.</summary>
    public double InterferenceSeconds(double n) => At(interference, n);

    /// <summary>Residence with n in service, between whole numbers in a straight line.</summary>
    public double ResidenceSeconds(double n) => At(residence, n);

    /// <summary>Seconds between answer tokens with n in service, the others' prompts between them included.</summary>
    public double InterTokenSeconds(double n) => (At(residence, n) - At(prefill, n)) / Math.Max(Shape.TokensAfterFirst, 1);

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

    private double At(double[] values, double n)
    {
        n = Math.Clamp(n, 1, Limit);
        var below = (int)n;
        return below >= Limit ? values[Limit] : values[below] + ((n - below) * (values[below + 1] - values[below]));
    }
}
