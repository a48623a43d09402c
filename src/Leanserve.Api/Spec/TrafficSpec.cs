using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Leanserve.Api.Schema;

namespace Leanserve.Api;

/// <summary>The expected load.</summary>
public sealed class TrafficSpec
{
    /// <summary>Requests a second on average over the busy hours, as a decimal string.</summary>
    [Required]
    [DecimalString]
    [CelRule("double(self) > 0.0", RuleSentences.QueriesPositive)]
    public string QueriesPerSecond { get; set; } = "";

    /// <summary>How many times the average a burst reaches, as a decimal string.</summary>
    [DecimalString]
    [CelRule("double(self) >= 1.0", RuleSentences.BurstAtLeastOne)]
    [DefaultValue(SpecDefaults.BurstFactor)]
    public string? BurstFactor { get; set; }

    /// <summary>Tokens of a typical prompt, documents not counted.</summary>
    [Range(1, 10_000_000)]
    [DefaultValue(SpecDefaults.PromptTokens)]
    public int? PromptTokens { get; set; }

    /// <summary>Tokens of a typical answer.</summary>
    [Range(1, 1_000_000)]
    [DefaultValue(SpecDefaults.OutputTokens)]
    public int? OutputTokens { get; set; }

    /// <summary>How much of a typical answer repeats its prompt, its documents or itself word for word, in percent: quotes, extracts, edited text or code. Known to repeat nothing when absent.</summary>
    [Range(0, 100)]
    [DefaultValue(SpecDefaults.CopiedOutputPercent)]
    public int? CopiedOutputPercent { get; set; }
}

/// <summary>What good means.</summary>
[CelRule(
    "!has(self.timeToFirstTokenMilliseconds) || !has(self.requestLatencyMilliseconds) || self.timeToFirstTokenMilliseconds <= self.requestLatencyMilliseconds",
    RuleSentences.FirstTokenWithinRequest)]
public sealed class ObjectivesSpec
{
    /// <summary>Time until a client sees the first token, at the percentile, in milliseconds; under beam search it is seen with the last one.</summary>
    [Range(1, 86_400_000)]
    public int? TimeToFirstTokenMilliseconds { get; set; }

    /// <summary>Time to the whole answer, at the percentile, in milliseconds.</summary>
    [Range(1, 86_400_000)]
    public int? RequestLatencyMilliseconds { get; set; }

    /// <summary>The share of requests, in percent, that must meet the latencies.</summary>
    [Range(50, 99)]
    [DefaultValue(SpecDefaults.Percentile)]
    public int? Percentile { get; set; }

    /// <summary>Standard samples; PreferExact takes beam search where it is affordable; RequireExact insists on it.</summary>
    [DefaultValue(Api.AnswerQuality.Standard)]
    public AnswerQuality? AnswerQuality { get; set; }
}
