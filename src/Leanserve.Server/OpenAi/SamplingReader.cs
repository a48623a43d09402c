using System.Globalization;
using System.Text.Json;
using Leanserve.Engine;

namespace Leanserve.Server.OpenAi;

/// <summary>Reads the sampling members of a request.</summary>
internal sealed class SamplingReader(JsonFields fields, int vocabularySize)
{
    private const int MaxTopK = 1_000_000;

    private static readonly string[] Members =
        ["temperature", "top_p", "top_k", "min_p", "repetition_penalty", "presence_penalty", "frequency_penalty", "logit_bias"];

    /// <summary>Whether the request states any of them; a seed alone does not choose sampling.</summary>
    public bool HasExplicit => Members.Any(member => fields.Element(member) is not null);

    public SamplingOptions Read()
    {
        var defaults = new SamplingOptions();
        return new SamplingOptions
        {
            Temperature = (float)(fields.Number("temperature", 0, 2) ?? defaults.Temperature),
            TopP = (float)(TopP() ?? defaults.TopP),
            TopK = Math.Max(0, fields.Integer("top_k", -1, MaxTopK) ?? defaults.TopK),
            MinP = (float)(fields.Number("min_p", 0, 1) ?? defaults.MinP),
            RepetitionPenalty = (float)(fields.Number("repetition_penalty", 0.01, 2) ?? defaults.RepetitionPenalty),
            PresencePenalty = (float)(fields.Number("presence_penalty", -2, 2) ?? defaults.PresencePenalty),
            FrequencyPenalty = (float)(fields.Number("frequency_penalty", -2, 2) ?? defaults.FrequencyPenalty),
            LogitBias = LogitBias(),
            Seed = fields.Long("seed", long.MinValue, long.MaxValue) is { } seed ? unchecked((ulong)seed) : null,
        };
    }

    /// <summary>Under beam search, values that ask for something that would not be done are refused; neutral ones (as some clients always send) pass.</summary>
    public void RequireNeutral(SamplingOptions options)
    {
        var changed = new (string Name, bool IsNeutral)[]
        {
            ("temperature", options.Temperature is 0 or 1),
            ("top_p", options.TopP is 1),
            ("top_k", options.TopK is 0),
            ("min_p", options.MinP is 0),
            ("repetition_penalty", options.RepetitionPenalty is 1),
            ("presence_penalty", options.PresencePenalty is 0),
            ("frequency_penalty", options.FrequencyPenalty is 0),
            ("logit_bias", options.LogitBias is null or { Count: 0 }),
        };
        foreach (var (name, _) in changed.Where(member => !member.IsNeutral))
        {
            fields.Add(name, "has no effect under beam search; leave it out, or leave out use_beam_search");
        }
    }

    // Zero would leave no token to draw; OpenAI's API takes it for "the best token only", which temperature 0 says better.
    private double? TopP() => fields.Number("top_p", 0, 1) is { } topP ? Math.Max(topP, 1e-6) : null;

    private Dictionary<int, float>? LogitBias()
    {
        if (fields.Element("logit_bias") is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return fields.Violate<Dictionary<int, float>>("logit_bias", value, "it must be an object from token id to bias");
        }

        var biases = new Dictionary<int, float>();
        var entries = fields.Child(value, "logit_bias");
        foreach (var property in value.EnumerateObject().Take(RequestLimits.MaxLogitBiases + 1))
        {
            if (!int.TryParse(property.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var token) || token >= vocabularySize)
            {
                entries.Add("", $"has a key that is no token id from 0 to {vocabularySize - 1}");
                continue;
            }

            biases[token] = (float)(entries.Number(property.Name, -100, 100) ?? 0);
        }

        if (biases.Count > RequestLimits.MaxLogitBiases)
        {
            entries.Add("", $"has more than {RequestLimits.MaxLogitBiases} entries");
        }

        return biases;
    }
}
