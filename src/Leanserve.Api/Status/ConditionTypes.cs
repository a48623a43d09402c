namespace Leanserve.Api;

/// <summary>The conditions of an <see cref="LlmDeployment"/>. True is good for every one of them.</summary>
public static class ConditionTypes
{
    /// <summary>The summary: the chosen strategy serves requests (or, under PlanOnly, the plan stands).</summary>
    public const string Ready = "Ready";

    /// <summary>A strategy meets the objectives and was chosen.</summary>
    public const string Planned = "Planned";

    /// <summary>A node with the wanted GPU (or CPU) is there.</summary>
    public const string NodeAvailable = "NodeAvailable";

    /// <summary>The model was found and read.</summary>
    public const string ModelAvailable = "ModelAvailable";

    /// <summary>The ConfigMaps of `assumptionsFrom` are there, and each of their values is a constant's, within its bounds.</summary>
    public const string AssumptionsResolved = "AssumptionsResolved";

    /// <summary>The running pods hold the documents as they are now.</summary>
    public const string KnowledgeCurrent = "KnowledgeCurrent";

    /// <summary>As many pods as planned are ready.</summary>
    public const string WorkloadAvailable = "WorkloadAvailable";

    /// <summary>The team can adopt the strategy within the weeks that it can give.</summary>
    public const string AdoptionAffordable = "AdoptionAffordable";

    /// <summary>The worst scenario still meets the objectives' percentile.</summary>
    public const string RobustUnderConstraints = "RobustUnderConstraints";

    /// <summary>The team has the expertise that the strategy needs.</summary>
    public const string TalentSufficient = "TalentSufficient";

    /// <summary>Measured latency is near the predicted.</summary>
    public const string PredictionAccurate = "PredictionAccurate";
}
