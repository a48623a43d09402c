using CsCheck;
using Leanserve.Cli.Eval.Scoring;

namespace Leanserve.Cli.Tests.Eval;

public sealed class ScoringTests
{
    [Theory]
    [InlineData("The  Office, at six!", "office at six", true, 1)]
    [InlineData("six", "at six", false, 2.0 / 3)]
    [InlineData("", "six", false, 0)]
    [InlineData("x x b", "x b b", false, 2.0 / 3)]
    [InlineData("no idea", "six", false, 0)]
    public void Score_OneAcceptedAnswer_IsThatOfSquad(string said, string accepted, bool exact, double f1)
    {
        var score = AnswerScore.Of(said, [accepted]);

        Assert.Equal((exact, f1), (score.Exact, score.F1), (one, other) => one.Item1 == other.Item1 && Math.Abs(one.Item2 - other.Item2) < 1e-9);
    }

    [Fact]
    public void Score_SeveralAccepted_TakesTheBest() => Assert.True(AnswerScore.Of("noon", ["12.00", "Noon."]).Exact);

    // R: binom::binom.wilson(95, 100) and (0, 10).
    [Theory]
    [InlineData(95, 100, 0.8882, 0.9785)]
    [InlineData(0, 10, 0, 0.2775)]
    public void Wilson_KnownShares_AreAsPublished(int hits, int count, double low, double high)
    {
        var interval = Confidence.Wilson(hits, count);

        Assert.Equal((low, high), (Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
    }

    [Fact]
    public void Bootstrap_OfShares_AgreesWithWilson() => Gen.Int[20, 180].Sample(
        hits =>
        {
            var bootstrap = Confidence.Bootstrap([.. Enumerable.Range(0, 200).Select(i => i < hits ? 1.0 : 0.0)]);
            var wilson = Confidence.Wilson(hits, 200);
            Assert.InRange(bootstrap.Low - wilson.Low, -0.03, 0.03);
            Assert.InRange(bootstrap.High - wilson.High, -0.03, 0.03);
        },
        iter: 20);
}
