using Leanserve.Engine;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Tests.Support;

/// <summary>Beam search without any sharing: each live hypothesis is run from its first token on, and all continuations are sorted.</summary>
internal static class BruteForceBeamSearch
{
    public static IReadOnlyList<(int[] Tokens, double Score)> Run(
        DecoderSpec spec, ulong seed, int[] prompt, BeamSearchOptions options, int maxTokens, IReadOnlySet<int> endTokens)
    {
        using var runner = TinyModel.Runner(spec, seed);
        List<(int[] Tokens, double Sum)> live = [([], 0)];
        List<(int[] Tokens, double Score)> complete = [];
        for (int length = 1; ; length++)
        {
            var candidates = live.SelectMany(hypothesis => Continue(runner, prompt, hypothesis)).OrderByDescending(each => each.Sum);
            live = [];
            foreach (var candidate in candidates)
            {
                if (live.Count == options.Width)
                {
                    break;
                }

                if (endTokens.Contains(candidate.Tokens[^1]))
                {
                    complete.Add((candidate.Tokens, Score(candidate, options)));
                }
                else
                {
                    live.Add(candidate);
                }
            }

            if (length == maxTokens)
            {
                complete.AddRange(live.Select(each => (each.Tokens, Score(each, options))));
                break;
            }

            if (complete.Count >= options.Width && (options.EarlyStopping || !CanWin(live[0].Sum, length, complete, options, maxTokens)))
            {
                break;
            }
        }

        return [.. complete.OrderByDescending(each => each.Score).Take(options.Width)];
    }

    private static double Score((int[] Tokens, double Sum) hypothesis, BeamSearchOptions options) =>
        hypothesis.Sum / Math.Pow(hypothesis.Tokens.Length, options.LengthPenalty);

    private static bool CanWin(double sum, int length, List<(int[] Tokens, double Score)> complete, BeamSearchOptions options, int maxTokens)
    {
        double best = Enumerable.Range(length + 1, maxTokens - length).Max(end => sum / Math.Pow(end, options.LengthPenalty));
        return best > complete.Select(each => each.Score).OrderDescending().ElementAt(options.Width - 1);
    }

    private static IEnumerable<(int[] Tokens, double Sum)> Continue(IModelRunner runner, int[] prompt, (int[] Tokens, double Sum) hypothesis)
    {
        float[] logits = LinearDecoder.Logits(runner, [.. prompt, .. hypothesis.Tokens]);
        double max = logits.Max();
        double logTotal = max + Math.Log(logits.Sum(logit => Math.Exp(logit - max)));
        return [.. logits.Select((logit, token) => ((int[])[.. hypothesis.Tokens, token], hypothesis.Sum + logit - logTotal))];
    }
}
