namespace Leanserve.Planner;

/// <summary>
/// How long a request whose prompt takes several chunks, and that finds a certain number in service, waits for its first token: the rest of the running step, its own
/// prompt, and the prompts that share the chunks with it.
/// </summary>
/// <remarks>
/// Prompts share each chunk evenly, so those found are done before this one: with none coming later, they delay it by what is left of them. Who comes before its last
/// chunk is computed fills that up, so from then on it takes whole chunks. Each prompt that overlaps delays it by a part of a prompt's time that is evenly spread; the
/// first found and all later ones are a geometric number, and a sum of that kind has a closed form up to one prompt's time, and an exponential tail beyond. Further
/// found ones count half a prompt each.
/// </remarks>
internal readonly struct ManyChunksTime
{
    private const double MostBusy = 0.95;

    private readonly double prompt;
    private readonly double step;
    private readonly double foundSeconds;
    private readonly double chunk;
    private readonly double chunks;

    // Probabilities to find no prompt, or some, and that then none comes before the last chunk, or some do.
    private readonly double noneThenNone;
    private readonly double noneThenSome;
    private readonly double someThenNone;
    private readonly double someThenSome;

    private readonly OverlapSum overlaps;
    private readonly double overlapChunks;
    private readonly double furtherChunks;

    /// <param name="load">The load.</param>
    /// <param name="others">Requests found in service.</param>
    public ManyChunksTime(in ServiceLoad load, int others)
    {
        prompt = load.PromptSeconds(others);
        chunks = load.FullChunks;
        chunk = prompt * load.FullChunkShare;
        step = others > 0 ? load.Curve.StepSeconds(others) : 0;
        var found = others > 0 ? load.Curve.Prompting(others) : 0;
        var findsSome = others > 0 ? load.Curve.PromptShare(others) : 0;
        foundSeconds = findsSome > 0 ? found / findsSome * prompt : 0;

        var arrivals = others + 1 < load.Curve.Limit ? load.Arrivals : 0;
        // Over the rest of the step, or what is left of found prompts, which vary.
        var none = Math.Exp(-arrivals * chunk * (load.Chunks - 1));
        noneThenNone = (1 - findsSome) * none / (1 + (arrivals * step / 2));
        someThenNone = findsSome * none / (1 + (arrivals * foundSeconds / 2));
        noneThenSome = 1 - findsSome - noneThenNone;
        someThenSome = findsSome - someThenNone;

        var busy = Math.Min(arrivals * chunk * chunks, MostBusy);
        overlaps = new OverlapSum(Math.Min(found, 1) + (busy / (1 - busy)));
        overlapChunks = chunks - (overlaps.None * overlaps.None * (load.Chunks - chunks));
        furtherChunks = Math.Max(found - 1, 0) / 2 * overlapChunks;
    }

    /// <summary>Probability that the first token comes within so many seconds of joining.</summary>
    public double Within(double seconds)
    {
        var slack = seconds - prompt;
        if (slack < 0 || double.IsPositiveInfinity(slack))
        {
            return slack < 0 ? 0 : 1;
        }

        var some = noneThenSome + someThenSome;
        var within = (noneThenNone * EvenlyWithin(slack, step)) + (someThenNone * EvenlyWithin(slack, foundSeconds));
        return some > 0 ? within + (some * overlaps.AnyWithin((WholeChunks(seconds / chunk, some) - chunks - furtherChunks) / overlapChunks)) : within;
    }

    // Of a time that is evenly spread.
    private static double EvenlyWithin(double seconds, double most) => seconds >= most ? 1 : seconds / most;

    // So many whole ones fit in the time after the rest of the running step, of an answer's or a found prompt's, on average.
    private double WholeChunks(double time, double some)
    {
        var whole = Math.Floor(time);
        var into = time - whole;
        return whole - 1 + (((noneThenSome * EvenlyWithin(into * chunk, step)) + (someThenSome * into)) / some);
    }
}
