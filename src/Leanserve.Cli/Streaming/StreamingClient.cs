using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Leanserve.Contracts;

namespace Leanserve.Cli.Streaming;

/// <summary>Sends streaming requests to an OpenAI-compatible server and times the pieces of the answer.</summary>
/// <param name="http">Without a base address.</param>
/// <param name="endpoint">Base address of the API, up to and including <c>/v1</c>.</param>
/// <param name="apiKey">Bearer token; null sends none.</param>
/// <param name="time">Measures.</param>
internal sealed class StreamingClient(HttpClient http, Uri endpoint, string? apiKey, TimeProvider time)
{
    private const string EventPrefix = "data: ";

    /// <summary>The name of the first model that the server lists.</summary>
    /// <exception cref="HttpRequestException">The server does not answer, or serves no model.</exception>
    public async Task<string> FirstModelAsync(CancellationToken cancellationToken) =>
        (string?)(await ModelsAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault()?["id"]
        ?? throw new HttpRequestException($"{Address("models")} lists no model; name one with --model.");

    /// <summary>The models that the server lists, as it describes them.</summary>
    /// <exception cref="HttpRequestException">The server does not answer.</exception>
    public async Task<IReadOnlyList<JsonNode?>> ModelsAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address("models"));
        Authorize(request);
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var models = await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken).ConfigureAwait(false);
        return models?["data"] is JsonArray listed ? [.. listed] : [];
    }

    /// <summary>Sends one request; what goes wrong is in the sample.</summary>
    /// <param name="path">Below the endpoint, such as <c>chat/completions</c>.</param>
    /// <param name="body">The request; streaming with usage is added to it.</param>
    /// <param name="due">Timestamp at which it should have been sent: a late start counts as latency, as its user would feel it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<RequestSample> SendAsync(string path, JsonObject body, long due, CancellationToken cancellationToken)
    {
        try
        {
            body["stream"] = true;
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
            using var request = new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = JsonContent.Create(body) };
            Authorize(request);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? await ReadAsync(response, due, cancellationToken).ConfigureAwait(false)
                : new RequestSample
                {
                    Error = $"HTTP {(int)response.StatusCode}",
                    Refusal = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false),
                    Total = time.GetElapsedTime(due),
                };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            return new RequestSample { Error = exception.GetType().Name, Total = time.GetElapsedTime(due) };
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new RequestSample { Error = "timeout", Total = time.GetElapsedTime(due) };
        }
    }

    private async Task<RequestSample> ReadAsync(HttpResponseMessage response, long due, CancellationToken cancellationToken)
    {
        var (first, last, pieces) = (0L, 0L, 0);
        var gaps = new List<TimeSpan>();
        var text = new StringBuilder();
        var sample = new RequestSample();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (!line.StartsWith(EventPrefix, StringComparison.Ordinal) || line == "data: [DONE]")
            {
                continue;
            }

            var chunk = JsonNode.Parse(line[EventPrefix.Length..])!;
            sample = Note(sample, chunk);
            if (TextOf(chunk) is not { Length: > 0 } piece)
            {
                continue;
            }

            text.Append(piece);
            var now = time.GetTimestamp();
            if (pieces++ == 0)
            {
                first = now;
            }
            else
            {
                gaps.Add(time.GetElapsedTime(last, now));
            }

            last = now;
        }

        return sample with
        {
            Error = sample.Error ?? (pieces == 0 && sample.CompletionTokens == 0 ? "empty answer" : null),
            TimeToFirstToken = pieces == 0 ? time.GetElapsedTime(due) : time.GetElapsedTime(due, first),
            InterTokenLatencies = gaps,
            Total = time.GetElapsedTime(due),
            Text = text.ToString(),
            CompletionTokens = sample.CompletionTokens == 0 ? pieces : sample.CompletionTokens,
        };
    }

    private static RequestSample Note(RequestSample sample, JsonNode chunk)
    {
        if (chunk["error"] is not null)
        {
            return sample with { Error = "error in the stream" };
        }

        if (chunk["leanserve"]?["retrieved"] is JsonArray retrieved)
        {
            sample = sample with
            {
                IsRag = (string?)chunk["leanserve"]?["strategy"]?["knowledge"] == nameof(KnowledgeMode.Rag),
                RetrievedTexts = [.. retrieved.Select(passage => (string?)passage?["text"] ?? "")],
            };
        }

        return chunk["usage"] is not { } usage ? sample : sample with
        {
            PromptTokens = (int?)usage["prompt_tokens"] ?? 0,
            CachedTokens = (int?)usage["prompt_tokens_details"]?["cached_tokens"] ?? 0,
            CompletionTokens = (int?)usage["completion_tokens"] ?? 0,
        };
    }

    // Of several choices, the first counts: the best of a beam search.
    private static string? TextOf(JsonNode chunk)
    {
        var choice = chunk["choices"] is JsonArray choices ? choices.FirstOrDefault(choice => ((int?)choice?["index"] ?? 0) == 0) : null;
        return (string?)choice?["delta"]?["content"] ?? (string?)choice?["text"];
    }

    private void Authorize(HttpRequestMessage request)
    {
        if (apiKey is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }
    }

    private Uri Address(string path) => new($"{endpoint.ToString().TrimEnd('/')}/{path}");
}
