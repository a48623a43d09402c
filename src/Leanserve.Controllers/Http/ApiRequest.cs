using System.Net.Http.Headers;
using System.Text;

namespace Leanserve.Controllers;

/// <summary>A request to the API server; can be sent more than once.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path and query, relative to the server's base address.</param>
/// <param name="Body">JSON, or null.</param>
/// <param name="ContentType">Media type of the body; decides the kind of a patch.</param>
internal sealed record ApiRequest(HttpMethod Method, string Path, string? Body = null, string ContentType = ApiRequest.Json)
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";
    public const string ApplyPatch = "application/apply-patch+yaml";

    /// <summary>Whether it is sent even when this replica does not lead: the election's own requests.</summary>
    public bool Unfenced { get; init; }

    public bool IsRead => Method == HttpMethod.Get;

    public HttpRequestMessage ToMessage(Uri baseAddress)
    {
        var message = new HttpRequestMessage(Method, new Uri(baseAddress, Path)) { Version = System.Net.HttpVersion.Version20 };
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(Json));
        if (Body is not null)
        {
            message.Content = new StringContent(Body, Encoding.UTF8, ContentType);
        }

        return message;
    }
}
