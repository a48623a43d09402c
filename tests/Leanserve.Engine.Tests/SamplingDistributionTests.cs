using CsCheck;
using Leanserve.Engine.Decoding;
using Leanserve.Engine.Tests.Support;

namespace Leanserve.Engine.Tests;

/// <summary>How often tokens are drawn, over many seeds, against the formulas.</summary>
public sealed class SamplingDistributionTests
{
    private const int Vocabulary = 16;
    private const int Draws = 4_000;
    private const int Cases = 60;

    private static readonly Gen<float[]> Logits = Gen.Float[-4, 4].Array[Vocabulary];
    private static readonly Gen<int[]> Tokens = Gen.Int[0, Vocabulary - 1].Array[0, 5];
    private static readonly Gen<float> Temperature = Gen.Float[0.3f, 2];
    private static readonly Gen<int> TopK = Gen.Int[1, Vocabulary];
    private static readonly Gen<float> TopP = Gen.Float[0.05f, 0.99f];
    private static readonly Gen<float> MinP = Gen.Float[0.01f, 0.9f];
    private static readonly Gen<float> RepetitionPenalty = Gen.Float[0.5f, 2];
    private static readonly Gen<float> Penalty = Gen.Float[-2, 2];
    private static readonly Gen<IReadOnlyDictionary<int, float>> Bias =
        Gen.Dictionary(Gen.Int[0, Vocabulary - 1], Gen.Float[-5, 5])[1, 6].Select(bias => (IReadOnlyDictionary<int, float>)bias);

    [Fact]
    public void Draw_Temperature_FollowsTheSoftmax() => Check(Temperature.Select(value => new SamplingOptions { Temperature = value }));

    [Fact]
    public void Draw_TopK_FollowsTheBestK() =>
        Check(Gen.Select(Temperature, TopK, (temperature, k) => new SamplingOptions { Temperature = temperature, TopK = k }));

    [Fact]
    public void Draw_TopP_FollowsTheNucleus() =>
        Check(Gen.Select(Temperature, TopP, (temperature, p) => new SamplingOptions { Temperature = temperature, TopP = p }));

    [Fact]
    public void Draw_MinP_FollowsWhatIsProbableEnough() =>
        Check(Gen.Select(Temperature, MinP, (temperature, p) => new SamplingOptions { Temperature = temperature, MinP = p }));

    [Fact]
    public void Draw_RepetitionPenalty_WeakensPromptAndAnswer() => Check(RepetitionPenalty.Select(value => new SamplingOptions { RepetitionPenalty = value }));

    [Fact]
    public void Draw_PresencePenalty_IsTakenOnce() => Check(Penalty.Select(value => new SamplingOptions { PresencePenalty = value }));

    [Fact]
    public void Draw_FrequencyPenalty_IsTakenForEachTime() => Check(Penalty.Select(value => new SamplingOptions { FrequencyPenalty = value }));

    [Fact]
    public void Draw_LogitBias_IsAdded() => Check(Bias.Select(value => new SamplingOptions { LogitBias = value }));

    [Fact]
    public void Draw_AllAtOnce_ComposeInOrder()
    {
        var penalties = Gen.Select(RepetitionPenalty, Penalty, Penalty, Bias, (repetition, presence, frequency, bias) => new SamplingOptions
        {
            RepetitionPenalty = repetition, PresencePenalty = presence, FrequencyPenalty = frequency, LogitBias = bias,
        });
        Check(Gen.Select(penalties, Temperature, TopK, TopP, MinP, (options, temperature, k, p, least) =>
            options with { Temperature = temperature, TopK = k, TopP = p, MinP = least }));
    }

    /// <summary>The noise is a hash of seed, choice and position, and must not let one draw tell anything of another.</summary>
    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 1)]
    public void Draw_NeighbouringSeedsChoicesAndPositions_AreIndependent(int seedStep, int choiceStep, int positionStep)
    {
        float[] logits = [0, 0.5f, 1, -0.5f];
        double[] single = ReferenceDistribution.Of(logits, new SamplingOptions(), [], []).Probabilities;
        var counts = new int[single.Length * single.Length];
        for (int i = 0; i < 40_000; i++)
        {
            ulong seed = (ulong)i * 2;
            int first = new TokenSampler(new SamplingOptions(), [], seed, 3).Draw(logits, 5);
            int second = new TokenSampler(new SamplingOptions(), [], seed + (ulong)seedStep, 3 + choiceStep).Draw(logits, 5 + positionStep);
            counts[(first * single.Length) + second]++;
        }

        ChiSquare.AssertDrawnFrom([.. single.SelectMany(first => single.Select(second => first * second))], counts);
    }

    private static void Check(Gen<SamplingOptions> options) =>
        Gen.Select(Logits, options, Tokens, Tokens).Sample(
            (logits, options, prompt, answer) =>
            {
                var reference = ReferenceDistribution.Of(logits, options, prompt, answer);
                if (!reference.IsDecidedByRounding)
                {
                    ChiSquare.AssertDrawnFrom(reference.Probabilities, Count(logits, options, prompt, answer));
                }
            },
            iter: Cases);

    private static int[] Count(float[] logits, SamplingOptions options, int[] prompt, int[] answer)
    {
        var counts = new int[logits.Length];
        for (int i = 0; i < Draws; i++)
        {
            var sampler = new TokenSampler(options, prompt, seed: (ulong)(i / 2), choice: i % 2);
            for (int position = 0; position < answer.Length; position++)
            {
                Assert.Equal(answer[position], sampler.Draw(Certain(answer[position]), position));
            }

            counts[sampler.Draw(logits, answer.Length)]++;
        }

        return counts;
    }

    /// <summary>Logits that leave no other token a chance, whatever the options: they give the sampler its past.</summary>
    private static float[] Certain(int token) => [.. Enumerable.Range(0, Vocabulary).Select(each => each == token ? 1e6f : 0)];
}
