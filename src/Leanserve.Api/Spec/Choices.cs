using System.Text.Json.Serialization;

namespace Leanserve.Api;

/// <summary>Whether the plan is carried out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ApplyMode>))]
public enum ApplyMode
{
    Auto,
    PlanOnly,
}

/// <summary>How good answers must be.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AnswerQuality>))]
public enum AnswerQuality
{
    Standard,
    PreferExact,
    RequireExact,
}

/// <summary>Expertise, from least to most.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TeamExpertise>))]
public enum TeamExpertise
{
    Generalist,
    Platform,
    MachineLearning,
    Research,
}

/// <summary>How documents reach the model, or Auto to let the operator choose.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KnowledgeStrategy>))]
public enum KnowledgeStrategy
{
    Auto,
    Dense,
    Cag,
    Rag,
}

/// <summary>How tokens are chosen, or Auto to let the operator choose.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DecodingStrategy>))]
public enum DecodingStrategy
{
    Auto,
    Sampling,
    BeamSearch,
}
