using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>What became of a candidate.</summary>
public enum CandidateVerdict
{
    Selected,

    /// <summary>Meets every objective, but another scores higher.</summary>
    Eligible,
    Rejected,
}

/// <summary>One way to serve the deployment, with everything computed about it.</summary>
public sealed record Candidate
{
    public required Technique Technique { get; init; }

    public required KnowledgeMode Knowledge { get; init; }

    public required DecodingMode Decoding { get; init; }

    public required WeightPrecision Precision { get; init; }

    /// <summary>The fewest replicas that meet the objectives; where none do, the most that were allowed.</summary>
    public required int Replicas { get; init; }

    public required CandidateVerdict Verdict { get; init; }

    /// <summary>One CamelCase word: of <see cref="RejectionReason"/> when rejected.</summary>
    public required string Reason { get; init; }

    /// <summary>A sentence: the offending number, the limit, the remedy; or what it would cost against the best.</summary>
    public required string Message { get; init; }

    public required MemoryBudget Memory { get; init; }

    /// <summary>Latency under the nominal load; null where the load is past capacity or nothing could be computed.</summary>
    public LatencyPrediction? Latency { get; init; }

    /// <summary>Requests a second that the replicas carry within the objectives.</summary>
    public double CapacityQps { get; init; }

    /// <summary>Null where the candidate cannot run at all.</summary>
    public OaeAssessment? Oae { get; init; }

    /// <summary>For a technique that does not win: the nearest load at which it would; null for our own strategies, and where there is none in range.</summary>
    public FlipPoint? WinsAt { get; init; }

    /// <summary>What would be deployed and must be looked after.</summary>
    public required BillOfParts Parts { get; init; }

    /// <summary>What the runtime would be told to allocate and admit; null where the candidate does not fit.</summary>
    public EngineLimits? Limits { get; init; }

    /// <summary>Passages that go into a prompt (0 without retrieval) of <see cref="PassageTokens"/> each.</summary>
    public int RetrievedPassages { get; init; }

    public int PassageTokens { get; init; }

    /// <summary>Tokens that neighbouring passages share; less than half of <see cref="PassageTokens"/>.</summary>
    public int PassageOverlapTokens { get; init; }

    /// <summary>Live hypotheses a request; 1 when sampling.</summary>
    public int BeamWidth { get; init; } = 1;

    /// <summary>Most tokens that n-gram lookup drafts in a step, over all answers; 0 without it.</summary>
    public int DraftTokens { get; init; }

    /// <summary>The candidate in one word, such as <c>Cag/Sampling/Int4</c>.</summary>
    public string Name => Technique switch
    {
        Technique.Native => $"{Knowledge}/{Decoding}/{Precision}",
        Technique.SpeculativeNGram => $"{Knowledge}/{Decoding}+NGram/{Precision}",
        _ => $"{Technique}/{Precision}",
    };
}
