using System.Net;

namespace Leanserve.Controllers;

/// <summary>The API server refused a request or could not be reached.</summary>
public sealed class ApiException : Exception
{
    /// <summary>A refusal, with the server's own reason and message.</summary>
    public ApiException(HttpStatusCode status, string reason, string message)
        : base(message)
    {
        Status = status;
        Reason = reason;
    }

    /// <summary>No answer: connection refused, reset or timed out.</summary>
    public ApiException(string message, Exception inner)
        : base(message, inner)
    {
        Reason = "Unreachable";
    }

    /// <summary>The HTTP status; null if there was no answer.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>The reason in the server's Status object, e.g. <c>NotFound</c>, <c>Forbidden</c>, <c>Invalid</c>.</summary>
    public string Reason { get; }
}
