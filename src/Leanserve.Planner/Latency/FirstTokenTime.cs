namespace Leanserve.Planner;

/// <summary>
/// How long a request that finds a certain number in service waits for its first token: its own prompt, the rest of the running step, and the prompts that share
/// the chunks with it.
/// </summary>
/// <remarks>
/// Prompts share the machine evenly. Each other prompt that overlaps delays this one by a part of a prompt's time that is evenly spread. Of those found in
/// computation the first, and of later ones all, are a geometric number: a sum of that kind has a closed form up to one prompt's time, and an exponential tail
/// beyond. Further found ones are counted at half a prompt each. Prompts of one chunk are another matter.
/// </remarks>
internal readonly struct FirstTokenTime
{
    private const double MostBusy = 0.95;

    private readonly OneChunkTime? oneChunk;
    private readonly double prompt;
    private readonly double step;
    private readonly double overlapping;
    private readonly double furtherFound;

    /// <param name="load">The load.</param>
    /// <param name="others">Requests found in service.</param>
    public FirstTokenTime(in ServiceLoad load, int others)
    {
        if (load.Chunks <= 1)
        {
            oneChunk = new OneChunkTime(load, others);
            return;
        }

        prompt = load.PromptSeconds(others);
        step = others > 0 ? load.Curve.StepSeconds(others) : 0;
        var busy = Math.Min(load.Arrivals * prompt * load.Curve.PackedShare, MostBusy);
        var found = others > 0 ? load.Curve.Prompting(others) : 0;
        var later = others + 1 < load.Curve.Limit ? busy / (1 - busy) : 0;
        furtherFound = Math.Max(found - 1, 0) / 2;
        overlapping = found - (2 * furtherFound) + later;
    }

    /// <summary>Probability that the first token comes within so many seconds of joining.</summary>
    public double Within(double seconds)
    {
        if (oneChunk is { } whole)
        {
            return whole.Within(seconds);
        }

        var slack = seconds - prompt;
        return slack < 0 ? 0
            : overlapping <= 0 || double.IsPositiveInfinity(slack) ? 1
            : WithinShared(slack);
    }

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
