using CsCheck;
using Leanserve.Engine.Decoding;

namespace Leanserve.Engine.Tests;

public sealed class TokenSamplerTests
{
    private static readonly Gen<float[]> Logits = Gen.Float[-5, 5].Array[2, 60];

    [Fact]
    public void Draw_ManySeeds_FollowTheSoftmax()
    {
        float[] logits = [1, 2, 3, 0];
        const float Temperature = 0.7f;
        double[] weights = [.. logits.Select(logit => Math.Exp(logit / Temperature))];
        var counts = new int[logits.Length];
        const int Draws = 40_000;
        for (int i = 0; i < Draws; i++)
        {
            counts[Draw(logits, new SamplingOptions { Temperature = Temperature }, seed: (ulong)(i / 8), position: i % 8)]++;
        }

        for (int token = 0; token < logits.Length; token++)
        {
            double expected = weights[token] / weights.Sum();
            double deviation = Math.Sqrt(expected * (1 - expected) / Draws);
            Assert.InRange(counts[token] / (double)Draws, expected - (5 * deviation), expected + (5 * deviation));
        }
    }

    [Fact]
    public void Draw_TopK_StaysAmongTheBestK() => Gen.Select(Logits, Gen.Int[1, 8], Gen.ULong).Sample((logits, k, seed) =>
    {
        int token = Draw(logits, new SamplingOptions { TopK = k }, seed);
        Assert.True(logits.Count(logit => logit > logits[token]) < k);
    });

    [Fact]
    public void Draw_TopP_StaysInTheSmallestSetThatReachesP() => Gen.Select(Logits, Gen.Float[0.05f, 0.99f], Gen.ULong).Sample((logits, p, seed) =>
    {
        int token = Draw(logits, new SamplingOptions { TopP = p }, seed);
        double total = logits.Sum(logit => Math.Exp(logit));
        double better = logits.Where(logit => logit > logits[token]).Sum(logit => Math.Exp(logit)) / total;
        Assert.True(better < p + 1e-4);
    });

    [Fact]
    public void Draw_MinP_DropsImprobableTokens() => Gen.Select(Logits, Gen.Float[0.05f, 1f], Gen.ULong).Sample((logits, p, seed) =>
    {
        int token = Draw(logits, new SamplingOptions { MinP = p }, seed);
        Assert.True(Math.Exp(logits[token] - logits.Max()) >= p - 1e-4);
    });

    [Fact]
    public void Draw_FiltersThatRemoveNothing_ChangeNothing() => Gen.Select(Logits, Gen.ULong).Sample((logits, seed) =>
    {
        int plain = Draw(logits, new SamplingOptions(), seed);
        Assert.Equal(plain, Draw(logits, new SamplingOptions { TopK = logits.Length }, seed));
        Assert.Equal(plain, Draw(logits, new SamplingOptions { MinP = 1e-30f }, seed));
    });

    [Fact]
    public void Draw_RoundingNoise_LeavesTheDrawAlone()
    {
        var random = new Random(1);
        int changed = 0;
        const int Draws = 2_000;
        for (int i = 0; i < Draws; i++)
        {
            float[] logits = [.. Enumerable.Range(0, 512).Select(_ => random.NextSingle() * 8)];
            float[] noisy = [.. logits.Select(logit => logit + ((random.NextSingle() - 0.5f) * 1e-5f))];
            changed += Draw(logits, new SamplingOptions(), (ulong)i) == Draw(noisy, new SamplingOptions(), (ulong)i) ? 0 : 1;
        }

        Assert.InRange(changed, 0, 2);
    }

    [Fact]
    public void Draw_Greedy_TakesTheFirstBest() => Assert.Equal(1, Draw([0, 3, 3, 1], new SamplingOptions { Temperature = 0 }, 1));

    [Fact]
    public void Draw_Penalties_PushSeenTokensDown()
    {
        float[] logits = [2, 1.9f, 0];
        var repetition = new TokenSampler(new SamplingOptions { Temperature = 0, RepetitionPenalty = 1.5f }, [0], 1, 0);
        Assert.Equal(1, repetition.Draw(logits, 0));
        var presence = new TokenSampler(new SamplingOptions { Temperature = 0, PresencePenalty = 0.5f }, [], 1, 0);
        Assert.Equal([0, 1, 0], new[] { presence.Draw(logits, 0), presence.Draw(logits, 1), presence.Draw(logits, 2) });
        var frequency = new TokenSampler(new SamplingOptions { Temperature = 0, FrequencyPenalty = 0.3f }, [], 1, 0);
        Assert.Equal([0, 1, 0, 1], Enumerable.Range(0, 4).Select(position => frequency.Draw(logits, position)));
        var bias = new TokenSampler(new SamplingOptions { Temperature = 0, LogitBias = new Dictionary<int, float> { [2] = 100 } }, [], 1, 0);
        Assert.Equal(2, bias.Draw(logits, 0));
    }

    private static int Draw(float[] logits, SamplingOptions options, ulong seed, int position = 0) =>
        new TokenSampler(options, [], seed, 0).Draw(logits, position);
}
