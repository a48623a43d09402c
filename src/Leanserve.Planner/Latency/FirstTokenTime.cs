namespace Leanserve.Planner;

/// <summary>
/// How long a request that finds a certain number in service waits for its first token: its own prompt, the rest of the running step, and the prompts that share
/// the chunks with it.
/// </summary>
/// <remarks>
/// Prompts share the machine evenly. Each other prompt that overlaps delays this one by a part of a prompt's time that is evenly spread. Of those found in
/// computation the first, and of later ones all, are a geometric number: a sum of that kind has a closed form up to one prompt's time, and an exponential tail
/// beyond. Further found ones are counted at half a prompt each. A prompt of one chunk joins the next step, and takes more steps than one where those who join
/// with it, a Poisson number, ask for more than the chunk holds.
/// </remarks>
internal readonly struct FirstTokenTime
{
    private const double MostBusy = 0.95;
    private const double Negligible = 1e-9;

    private readonly double prompt;
    private readonly double step;
    private readonly double packed;
    private readonly double overlapping;
    private readonly double furtherFound;
    private readonly double promptStep;
    private readonly double joining;
    private readonly bool whole;

    /// <param name="load">The load.</param>
    /// <param name="others">Requests found in service.</param>
    public FirstTokenTime(in ServiceLoad load, int others)
    {
        prompt = load.PromptSeconds(others);
        step = others > 0 ? load.Curve.StepSeconds(others) : 0;
        packed = load.Chunks <= 1 ? load.Fill : load.Curve.PackedShare;
        whole = load.Chunks <= 1;
        var busy = Math.Min(load.Arrivals * prompt * packed, MostBusy);
        var found = others > 0 ? others / load.MeanInService : 0;
        if (!whole)
        {
            var later = others + 1 < load.Curve.Limit ? 1 - (1 / load.Chunks) : 0;
            var prompts = Math.Min(busy / (1 - busy) * found, others);
            furtherFound = Math.Max(prompts - 1, 0) / 2;
            overlapping = prompts - (2 * furtherFound) + (busy / (1 - busy) * later);
        }
        else if (others > 0)
        {
            // Half of a step's arrivals come before this one, beside what earlier steps left over, and half after it.
            var arriving = load.Arrivals * prompt / 2;
            overlapping = Math.Min((arriving * (1 + (busy / (1 - busy))) * found) + arriving, load.Curve.Limit - 1);
            promptStep = Math.Min(1, (1 - Math.Exp(-load.Arrivals * prompt)) * found);
            joining = load.Curve.AddedPrefillSeconds(others + 1) * load.Arrivals / 2;
        }
    }

    /// <summary>Probability that the first token comes within so many seconds of joining.</summary>
    public double Within(double seconds)
    {
        var slack = seconds - prompt;
        if (slack < 0 || double.IsPositiveInfinity(slack))
        {
            return slack < 0 ? 0 : 1;
        }

        return overlapping <= 0 ? 1 : whole ? WithinWhole(slack) : WithinShared(slack);
    }

    // Over the further steps that it takes, each as many as hold the prompts of so many others.
    private double WithinWhole(double slack)
    {
        var (share, left, others) = (0.0, 1.0, 0);
        var exactly = Math.Exp(-overlapping);
        for (var steps = 1; slack >= 0 && left > Negligible; steps++)
        {
            var before = left;
            for (; left > Negligible && (others + 1) * packed <= steps; others++)
            {
                left -= exactly;
                exactly *= overlapping / (others + 1);
            }

            share += (before - left) * WithinStep(slack);
            slack -= prompt;
        }

        return share;
    }

    private double WithinStep(double slack) => ((1 - promptStep) * WithinRest(slack, step)) + (promptStep * WithinRest(slack, prompt));

    // Those who arrive in the same step as this request make the next one longer.
    private double WithinRest(double slack, double seconds) => Math.Clamp((slack / seconds) - joining, 0, 1);

    private double WithinShared(double slack)
    {
        var more = overlapping / (1 + overlapping);
        var delay = (Math.Max(0, slack - ((1 - more) * step / 2)) / prompt) - furtherFound;
        if (delay < 0)
        {
            return 0;
        }

        if (delay < 1)
        {
            return (1 - more) * Math.Exp(more * delay);
        }

        var growth = Math.Exp(more);
        var beyond = 1 - ((1 - more) * growth);
        var meanBeyond = (overlapping / 2) - (1 - ((1 - more) * (growth - 1) / more));
        return meanBeyond > 0 ? 1 - (beyond * Math.Exp(-(delay - 1) * beyond / meanBeyond)) : 1;
    }
}
