namespace Leanserve.Planner;

/// <summary>
/// How long a request that finds a certain number in service waits for its first token: its own prompt, the rest of the running step, and the prompts that share
/// the chunks with it.
/// </summary>
/// <remarks>
/// Prompts share the machine evenly. Each other prompt that overlaps delays this one by a part of a prompt's time that is evenly spread. Of those found in
/// computation the first, and of later ones all, are a geometric number: a sum of that kind has a closed form up to one prompt's time, and an exponential tail
/// beyond. Further found ones are counted at half a prompt each. A prompt of one chunk joins the next step, which those who join with it, a Poisson number, make
/// longer, and into more steps than one where they ask for more than the chunk holds.
/// </remarks>
internal readonly struct FirstTokenTime
{
    private const double MostBusy = 0.95;
    private const double Negligible = 1e-9;

    private readonly double prompt;
    private readonly double step;
    private readonly double fill;
    private readonly double further;
    private readonly double overlapping;
    private readonly double furtherFound;
    private readonly double promptStep;
    private readonly bool whole;

    /// <param name="load">The load.</param>
    /// <param name="others">Requests found in service.</param>
    public FirstTokenTime(in ServiceLoad load, int others)
    {
        prompt = load.PromptSeconds(others);
        step = others > 0 ? load.Curve.StepSeconds(others) : 0;
        whole = load.Chunks <= 1;
        fill = load.Fill;
        further = Math.Min(load.Curve.FurtherPromptSeconds, prompt);
        var packed = whole ? further + (fill * (prompt - further)) : load.Curve.PackedShare * prompt;
        var busy = Math.Min(load.Arrivals * packed, MostBusy);
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

    // Over the number of others in the same steps, which are as many as hold their prompts.
    private double WithinWhole(double slack)
    {
        var (share, left) = (0.0, 1.0);
        var exactly = Math.Exp(-overlapping);
        for (var others = 0; left > Negligible; others++)
        {
            var steps = Math.Ceiling((others + 1) * fill);
            var rest = slack - (others * further) - ((steps - 1) * (prompt - further));
            if (rest < 0)
            {
                break;
            }

            share += exactly * WithinStep(rest);
            left -= exactly;
            exactly *= overlapping / (others + 1);
        }

        return share;
    }

    private double WithinStep(double slack) => ((1 - promptStep) * WithinRest(slack, step)) + (promptStep * WithinRest(slack, prompt));

    private static double WithinRest(double slack, double seconds) => Math.Min(slack / seconds, 1);

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
