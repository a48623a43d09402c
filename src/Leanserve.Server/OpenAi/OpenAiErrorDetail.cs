namespace Leanserve.Server.OpenAi;

/// <summary>What went wrong, in the shape that OpenAI's clients read.</summary>
/// <param name="Message">All violations, one sentence each.</param>
/// <param name="Type">The class of errors, such as <c>invalid_request_error</c>.</param>
/// <param name="Param">The first offending member, if one is to blame.</param>
/// <param name="Code">A stable word for programs, such as <c>model_not_found</c>.</param>
public sealed record OpenAiErrorDetail(string Message, string Type, string? Param, string? Code);
