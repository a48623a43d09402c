namespace Leanserve.Server.OpenAi;

/// <summary>An HTTP status with the error that goes with it.</summary>
public sealed record OpenAiError(int Status, OpenAiErrorDetail Detail)
{
    private const int MaxListedViolations = 20;

    /// <summary>Seconds for the <c>Retry-After</c> header, or null.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>400 that names every violation.</summary>
    public static OpenAiError Invalid(IReadOnlyList<RequestViolation> violations)
    {
        ArgumentOutOfRangeException.ThrowIfZero(violations.Count);
        var sentences = violations.Take(MaxListedViolations).Select(violation => violation.Message);
        var rest = violations.Count > MaxListedViolations ? $" And {violations.Count - MaxListedViolations} more." : "";
        return Create(400, string.Join(" ", sentences) + rest, violations[0].Param, "invalid_value");
    }

    /// <summary>404 for a model that is not served here.</summary>
    public static OpenAiError UnknownModel(string asked, string served) =>
        Create(404, $"The model '{asked}' is not served here; ask for '{served}'.", "model", "model_not_found");

    /// <summary>503 with a reason, to be tried again.</summary>
    public static OpenAiError Unavailable(string message, int retryAfterSeconds) =>
        new(503, new OpenAiErrorDetail(message, "service_unavailable_error", null, "unavailable")) { RetryAfterSeconds = retryAfterSeconds };

    /// <summary>429 of a full queue.</summary>
    public static OpenAiError Busy(string message, TimeSpan retryAfter) =>
        new(429, new OpenAiErrorDetail(message, "rate_limit_error", null, "queue_full"))
        {
            RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)),
        };

    /// <summary>500; the cause is in the log, not in the answer.</summary>
    public static OpenAiError Internal() =>
        new(500, new OpenAiErrorDetail("The server failed on this request; its log says why.", "server_error", null, "internal_error"));

    /// <summary>A request that cannot be served as it is.</summary>
    public static OpenAiError Create(int status, string message, string? param, string code) =>
        new(status, new OpenAiErrorDetail(message, "invalid_request_error", param, code));
}
