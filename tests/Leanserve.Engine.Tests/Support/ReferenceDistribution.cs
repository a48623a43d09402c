namespace Leanserve.Engine.Tests.Support;

/// <summary>
/// What a token may be drawn with, from the published formulas in double precision and nothing else: repetition penalty (Keskar et al. 2019), presence
/// and frequency penalty and bias (OpenAI), temperature, top-k (Fan et al. 2018), top-p (Holtzman et al. 2020), min-p (Nguyen et al. 2024).
/// </summary>
/// <param name="Probabilities">[vocabulary], sum 1; 0 for tokens that the filters remove.</param>
/// <param name="IsDecidedByRounding">Whether a filter cuts so close to a token that single precision may put it on the other side.</param>
internal sealed record ReferenceDistribution(double[] Probabilities, bool IsDecidedByRounding)
{
    private const double Close = 1e-4;

    public static ReferenceDistribution Of(float[] logits, SamplingOptions options, int[] prompt, int[] answer)
    {
        var scaled = Penalized(logits, options, prompt, answer).Select(logit => logit / options.Temperature).ToArray();
        var best = Enumerable.Range(0, scaled.Length).OrderByDescending(token => scaled[token]).ToList();
        int afterTopK = options.TopK > 0 ? Math.Min(options.TopK, best.Count) : best.Count;
        bool isClose = afterTopK < best.Count && scaled[best[afterTopK - 1]] - scaled[best[afterTopK]] < Close;

        var candidates = best.Take(afterTopK).ToList();
        double total = candidates.Sum(token => Math.Exp(scaled[token]));
        var kept = new List<int>();
        double sum = 0;
        foreach (int token in candidates)
        {
            double relative = Math.Exp(scaled[token] - scaled[best[0]]);
            isClose |= options.TopP < 1 && Math.Abs(sum - options.TopP) < Close;
            isClose |= options.MinP > 0 && token != best[0] && Math.Abs(relative - options.MinP) < Close;
            if (sum < options.TopP && relative >= options.MinP)
            {
                kept.Add(token);
            }

            sum += Math.Exp(scaled[token]) / total;
        }

        var probabilities = new double[scaled.Length];
        double left = kept.Sum(token => Math.Exp(scaled[token]));
        kept.ForEach(token => probabilities[token] = Math.Exp(scaled[token]) / left);
        return new ReferenceDistribution(probabilities, isClose);
    }

    private static double[] Penalized(float[] logits, SamplingOptions options, int[] prompt, int[] answer) =>
        [.. logits.Select((logit, token) =>
        {
            int count = answer.Count(each => each == token);
            double value = count == 0 && !prompt.Contains(token) ? logit
                : logit > 0 ? logit / options.RepetitionPenalty
                : logit * options.RepetitionPenalty;
            value -= (count > 0 ? options.PresencePenalty : 0) + (count * options.FrequencyPenalty);
            return value + (options.LogitBias?.GetValueOrDefault(token) ?? 0);
        })];
}
