namespace Leanserve.Planner;

/// <summary>
/// How long a request waits for its first token, by the number in the system that it finds: its own prompt, the rest of the running step, and the prompts that
/// share the chunks with it.
/// </summary>
/// <remarks>
/// Prompts share the machine evenly. Each other prompt that overlaps delays this one by a part of a prompt's time that is evenly spread, and their number is
/// geometric; a sum of that kind has a closed form up to one prompt's time, and an exponential tail beyond.
/// </remarks>
internal readonly struct FirstTokenTimes
{
    private const double MostBusy = 0.95;

    private readonly ServiceCurve curve;
    private readonly double arrivals;
    private readonly double meanInService;
    private readonly double chunks;
    private readonly double fill;

    /// <param name="curve">The replica's speed.</param>
    /// <param name="arrivals">Requests a second.</param>
    /// <param name="meanInService">Requests in service on average; above 0 where anybody is ever found.</param>
    public FirstTokenTimes(ServiceCurve curve, double arrivals, double meanInService)
    {
        this.curve = curve;
        this.arrivals = arrivals;
        this.meanInService = meanInService;
        chunks = curve.Cost.Chunks(curve.Shape);
        // The last chunk of a prompt leaves room for others'.
        fill = curve.Shape.PromptTokens / curve.Cost.ChunkTokens / chunks;
    }

    /// <summary>Probability that the first token comes within so many seconds of joining, with <paramref name="others"/> in service.</summary>
    public double Within(double seconds, int others)
    {
        var prompt = PromptSeconds(others);
        var slack = seconds - prompt;
        if (slack < 0 || double.IsPositiveInfinity(slack))
        {
            return slack < 0 ? 0 : 1;
        }

        var step = others > 0 ? curve.StepSeconds(others) : 0;
        return chunks > 1 ? WithinShared(slack, prompt, step, others) : others > 0 ? WithinSingle(slack, prompt, step, others) : 1;
    }

    /// <summary>Seconds to compute the prompt, the next tokens of <paramref name="others"/> beside it where the engine mixes them.</summary>
    public double PromptSeconds(int others) =>
        curve.AddedPrefillSeconds(others + 1) + (others > 0 && curve.Cost.Profile.MixesPrompts ? chunks * curve.StepSeconds(others) : 0);

    // A prompt of one chunk goes into the next step whole, whoever else waits for it: only the rest of the running step delays it.
    private double WithinSingle(double slack, double prompt, double step, int others)
    {
        var added = curve.AddedPrefillSeconds(others + 1);
        if (WithinRest(slack, Math.Max(step, prompt), added) >= 1)
        {
            return 1;
        }

        var promptStep = Math.Min(1, (1 - Math.Exp(-arrivals * prompt)) * others / meanInService);
        return ((1 - promptStep) * WithinRest(slack, step, added)) + (promptStep * WithinRest(slack, prompt, added));
    }

    // Those who arrive in the same step as this request make the next one longer.
    private double WithinRest(double slack, double step, double perPrompt) => Math.Clamp((slack / step) - (perPrompt * arrivals / 2), 0, 1);

    private double WithinShared(double slack, double prompt, double step, int others)
    {
        var busy = Math.Min(arrivals * prompt * fill, MostBusy);
        var found = others / Math.Max(meanInService, double.Epsilon);
        var later = others + 1 < curve.Limit ? 1 - (1 / chunks) : 0;
        var overlapping = busy / (1 - busy) * ((others > 0 ? found : 0) + later);
        if (overlapping <= 0)
        {
            return 1;
        }

        var more = overlapping / (1 + overlapping);
        var delay = Math.Max(0, slack - ((1 - more) * step / 2)) / prompt;
        if (delay < 1)
        {
            return (1 - more) * Math.Exp(more * delay);
        }

        var beyond = 1 - ((1 - more) * Math.Exp(more));
        var meanBeyond = (overlapping / 2) - (1 - ((1 - more) * (Math.Exp(more) - 1) / more));
        return meanBeyond > 0 ? 1 - (beyond * Math.Exp(-(delay - 1) * beyond / meanBeyond)) : 1;
    }
}
