namespace Leanserve.Planner;

/// <summary>Whether requests start and end in time, by the number in the system that they find. Buffers are reused between loads.</summary>
/// <param name="mostInSystem">Places in service and in the queue that a load may ask for.</param>
internal sealed class FoundTimes(int mostInSystem)
{
    private ServiceLoad load;
    private OneChunkTime[] oneChunk = [];
    private ManyChunksTime[] manyChunks = [];
    private AnswerTime[] answers = [];
    private AnswerTime? atLast;
    private double laterAtLast;
    private int kept;

    private bool InOneChunk => load.Chunks <= 1;

    /// <summary>Begins with another load.</summary>
    public void Reset(in ServiceLoad next)
    {
        load = next;
        atLast = null;
        kept = 0;
    }

    /// <summary>Computes once what percentiles, which ask for many shares of one load, need of those that find a noticeable number up to <paramref name="last"/>.</summary>
    public void Keep(SystemDistribution found, int last)
    {
        if (InOneChunk && oneChunk.Length < load.Curve.Limit)
        {
            oneChunk = new OneChunkTime[load.Curve.Limit];
        }

        if (!InOneChunk && manyChunks.Length < load.Curve.Limit)
        {
            manyChunks = new ManyChunksTime[load.Curve.Limit];
        }

        if (answers.Length <= last)
        {
            answers = new AnswerTime[mostInSystem];
        }

        for (; kept <= last; kept++)
        {
            if (!found.IsNoticeable(kept))
            {
                continue;
            }

            answers[kept] = Answer(kept);
            if (kept < load.Curve.Limit && InOneChunk)
            {
                oneChunk[kept] = new OneChunkTime(load, kept);
            }
            else if (kept < load.Curve.Limit)
            {
                manyChunks[kept] = new ManyChunksTime(load, kept);
            }
        }
    }

    /// <summary>Probability that the first token comes within so many seconds of joining.</summary>
    public double StartsWithin(double seconds, int number) =>
        double.IsPositiveInfinity(seconds) ? 1
        : InOneChunk ? number < kept ? oneChunk[number].Within(seconds) : new OneChunkTime(load, number).Within(seconds)
        : number < kept ? manyChunks[number].Within(seconds)
        : new ManyChunksTime(load, number).Within(seconds);

    /// <summary>Probability to meet at most so many others on average from joining to the end.</summary>
    public double MeetsAtMost(double most, int number) =>
        double.IsPositiveInfinity(most) ? 1
        : number < kept ? answers[number].MeetsAtMost(most)
        : Answer(number).MeetsAtMost(most);

    private AnswerTime Answer(int number)
    {
        var last = load.Curve.Limit - 1;
        if (number <= last)
        {
            return new AnswerTime(load, number, out _);
        }

        // Who found no place joins all others but one, and those who came meanwhile wait behind.
        atLast ??= new AnswerTime(load, last, out laterAtLast);
        return atLast.Value.Before(load.Arrivals * (number - last - 0.5) / load.Curve.FullRate, last, laterAtLast);
    }
}
