using System.ComponentModel.DataAnnotations;
using k8s.Models;
using Leanserve.Api.Schema;

namespace Leanserve.Api;

/// <summary>What was chosen, what was rejected and why, what it costs, and whether reality matches.</summary>
public sealed class LlmDeploymentStatus
{
    /// <summary>The spec generation that this status describes.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>The model in one word: its folder's name and precision.</summary>
    public string? Model { get; set; }

    /// <summary>The strategy in force.</summary>
    public ChosenStrategyStatus? Strategy { get; set; }

    /// <summary>The plan in one sentence: what was chosen, by what margin, and what would change it.</summary>
    public string? Summary { get; set; }

    /// <summary>What people ask about the plan, answered with its numbers: does it fit, is it fast, what does it cost, who looks after it.</summary>
    [MaxLength(12)]
    [StringLength(512)]
    public IList<string>? Answers { get; set; }

    /// <summary>Predicted memory, latency and capacity of the chosen strategy.</summary>
    public PlanStatus? Plan { get; set; }

    /// <summary>Overhead-aware efficiency of the chosen strategy.</summary>
    public OaeStatus? Oae { get; set; }

    /// <summary>Every alternative with its verdict, best first.</summary>
    [MaxLength(32)]
    public IList<CandidateStatus>? Candidates { get; set; }

    /// <summary>When nothing is feasible: the smallest change that would make it so.</summary>
    public string? NearestFeasibleChange { get; set; }

    /// <summary>What was measured of the sources and of the running pods.</summary>
    public ObservedStatus? Observed { get; set; }

    /// <summary>Base URL of the OpenAI-compatible API inside the cluster.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Replicas that are ready.</summary>
    public int? ReadyReplicas { get; set; }

    /// <summary>The state in named conditions; Ready sums them up.</summary>
    [ListMap("type")]
    [MaxLength(32)]
    public IList<V1Condition>? Conditions { get; set; }
}

/// <summary>The strategy in force.</summary>
public sealed class ChosenStrategyStatus
{
    /// <summary>The strategy in one word, such as Cag/Sampling/Int4.</summary>
    public string Summary { get; set; } = "";

    /// <summary>Dense, Cag or Rag.</summary>
    public string Knowledge { get; set; } = "";

    /// <summary>Sampling or BeamSearch.</summary>
    public string Decoding { get; set; } = "";

    /// <summary>How weights are stored.</summary>
    public string Precision { get; set; } = "";

    /// <summary>Tokens that n-gram lookup drafts in a step, over all answers; absent where it drafts none.</summary>
    public int? DraftTokens { get; set; }

    /// <summary>Replicas planned.</summary>
    public int Replicas { get; set; }
}

/// <summary>Predictions for the chosen strategy.</summary>
public sealed class PlanStatus
{
    /// <summary>Memory of one replica.</summary>
    public MemoryStatus? Memory { get; set; }

    /// <summary>Latency under the stated load.</summary>
    public LatencyStatus? Latency { get; set; }

    /// <summary>Requests a second that the planned replicas can carry within the objectives.</summary>
    public string? CapacityQueriesPerSecond { get; set; }

    /// <summary>Token slots of the KV buffer.</summary>
    public int? KvSlots { get; set; }

    /// <summary>Lead over the best alternative, in percent of its score.</summary>
    public string? MarginPercent { get; set; }

    /// <summary>What would change the choice.</summary>
    [MaxLength(8)]
    [StringLength(512)]
    public IList<string>? FlipPoints { get; set; }

    /// <summary>Whether the choice survives halving and doubling the constants of effort and efficiency.</summary>
    public string? Stability { get; set; }
}

/// <summary>Memory of one replica in bytes.</summary>
public sealed class MemoryStatus
{
    /// <summary>The model's weights.</summary>
    public long WeightsBytes { get; set; }

    /// <summary>The documents' KV cache.</summary>
    public long KnowledgeKvBytes { get; set; }

    /// <summary>Room in which changed documents are computed while the former ones are served; 0 where requests wait for a change instead.</summary>
    public long RefreshKvBytes { get; set; }

    /// <summary>KV of concurrent requests and beams.</summary>
    public long RequestKvBytes { get; set; }

    /// <summary>The runtime's own needs.</summary>
    public long RuntimeBytes { get; set; }

    /// <summary>All of these.</summary>
    public long TotalBytes { get; set; }

    /// <summary>What the node offers.</summary>
    public long AvailableBytes { get; set; }
}

/// <summary>Latency in milliseconds, as decimal strings.</summary>
public sealed class LatencyStatus
{
    /// <summary>Median time until a client sees the first token.</summary>
    public string? TtftP50Milliseconds { get; set; }

    /// <summary>95th percentile of the time until a client sees the first token.</summary>
    public string? TtftP95Milliseconds { get; set; }

    /// <summary>Time between tokens.</summary>
    public string? ItlMilliseconds { get; set; }

    /// <summary>95th percentile of the time to the whole answer.</summary>
    public string? E2eP95Milliseconds { get; set; }
}

/// <summary>Overhead-aware efficiency and its parts.</summary>
public sealed class OaeStatus
{
    /// <summary>In (0, 1]: 1 is everything demanded, within the objectives, at no cost beyond the bare hardware.</summary>
    public string Score { get; set; } = "";

    /// <summary>US dollars for a million answer tokens, hardware, energy and people included.</summary>
    public string UsdPerMillionTokens { get; set; } = "";

    /// <summary>US dollars a month, all in.</summary>
    public string? UsdPerMonth { get; set; }

    /// <summary>Engineer-weeks to adopt the strategy.</summary>
    public string AdoptionEngineerWeeks { get; set; } = "";

    /// <summary>Hours a month to operate it.</summary>
    public string OperationsHoursPerMonth { get; set; } = "";

    /// <summary>Share of requests within the objectives in the worst of the five scenarios.</summary>
    public string Robustness { get; set; } = "";

    /// <summary>Levels of expertise that the team lacks for it.</summary>
    public string TalentGap { get; set; } = "";

    /// <summary>Joules for an answer token.</summary>
    public string JoulesPerToken { get; set; } = "";

    /// <summary>Grams of CO2-equivalent for a million answer tokens.</summary>
    public string GramsCo2PerMillionTokens { get; set; } = "";
}

/// <summary>One alternative and what became of it.</summary>
public sealed class CandidateStatus
{
    /// <summary>The strategy in one word.</summary>
    public string Name { get; set; } = "";

    /// <summary>Selected, Eligible or Rejected.</summary>
    public string Verdict { get; set; } = "";

    /// <summary>Why, in one CamelCase word.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Why, with the number, the limit and the remedy.</summary>
    [StringLength(512)]
    public string Message { get; set; } = "";

    /// <summary>Its OAE score.</summary>
    public string? Score { get; set; }

    /// <summary>US dollars for a million answer tokens.</summary>
    public string? UsdPerMillionTokens { get; set; }
}

/// <summary>What was measured.</summary>
public sealed class ObservedStatus
{
    /// <summary>Tokens of all documents.</summary>
    public long? KnowledgeTokens { get; set; }

    /// <summary>Hash over all documents; running pods take a change up by themselves.</summary>
    public string? KnowledgeHash { get; set; }

    /// <summary>Bytes of the model's weights.</summary>
    public long? WeightsBytes { get; set; }

    /// <summary>Measured mean time to first token in milliseconds, since the pods started.</summary>
    public string? TtftMeanMilliseconds { get; set; }

    /// <summary>Measured mean time between tokens in milliseconds, since the pods started.</summary>
    public string? ItlMeanMilliseconds { get; set; }

    /// <summary>Requests that the measurement rests on.</summary>
    public long? Requests { get; set; }

    /// <summary>How far the predicted time between tokens is off, in percent.</summary>
    public string? PredictionErrorPercent { get; set; }
}
