using Leanserve.Engine.Decoding;

namespace Leanserve.Engine.Tests;

public sealed class BeamSearchTests
{
    private static readonly HashSet<int> End = [9];

    [Fact]
    public void Advance_EndTokenAmongTheBest_CompletesAHypothesisAndKeepsTheWidth()
    {
        var search = new BeamSearch(new BeamSearchOptions { Width = 2 }, 10, End);
        search.Offer(0, null, [new(9, -0.1f), new(1, -1), new(2, -2), new(3, -3)]);
        var live = search.Advance();
        Assert.Equal([1, 2], live.Select(each => each.Hypothesis.Token));
        Assert.Equal([9], search.Best.Select(each => each.Token));
        Assert.False(search.IsFinished);
    }

    [Fact]
    public void Advance_LengthLimit_CompletesWhatIsLive()
    {
        var search = new BeamSearch(new BeamSearchOptions { Width = 2 }, 1, End);
        search.Offer(0, null, [new(1, -1), new(2, -2), new(3, -3)]);
        Assert.Empty(search.Advance());
        Assert.True(search.IsFinished);
        Assert.Equal([1, 2], search.Best.Select(each => each.Token));
    }

    [Fact]
    public void Advance_LiveCanStillWin_GoesOnUnlessEarlyStoppingIsAsked()
    {
        foreach (bool early in new[] { false, true })
        {
            var search = new BeamSearch(new BeamSearchOptions { Width = 1, EarlyStopping = early }, 10, End);
            search.Offer(0, null, [new(9, -1f), new(1, -1.5f)]);
            search.Advance();
            Assert.Equal(early, search.IsFinished);
        }
    }

    [Fact]
    public void Best_LengthPenalty_RanksByMeanLogProbability()
    {
        var search = new BeamSearch(new BeamSearchOptions { Width = 2, LengthPenalty = 1 }, 2, End);
        search.Offer(0, null, [new(9, -1.2f), new(1, -1.3f), new(2, -5f)]);
        var live = search.Advance();
        search.Offer(0, live[0].Hypothesis, [new(4, -0.1f)]);
        search.Advance();
        Assert.Equal([4, 9], search.Best.Take(2).Select(each => each.Token));
        Assert.Equal(-0.7, search.Best[0].Score(1), 1e-6);
    }
}
