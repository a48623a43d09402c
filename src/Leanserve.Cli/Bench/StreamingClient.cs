using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leanserve.Cli.Bench;

/// <summary>Sends streaming requests to an OpenAI-compatible server and times the pieces of the answer.</summary>
internal sealed class StreamingClient(HttpClient http, LoadOptions options, TimeProvider time)
{
    private const string EventPrefix = "data: ";

    /// <summary>The model that requests ask for.</summary>
    /// <exception cref="HttpRequestException">The server does not answer, or serves no model.</exception>
    public async Task<string> ResolveModelAsync(CancellationToken cancellationToken)
    {
        if (options.Model is not null)
        {
            return options.Model;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, Address("models"));
        Authorize(request);
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        var models = await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken).ConfigureAwait(false);
        return (string?)models?["data"]?[0]?["id"]
            ?? throw new HttpRequestException($"{Address("models")} lists no model; name one with --model.");
    }

    /// <summary>Sends one request; what goes wrong is in the sample.</summary>
    /// <param name="model">Model to ask for.</param>
    /// <param name="prompt">Prompt or user message.</param>
    /// <param name="due">Timestamp at which it should have been sent: a late start counts as latency, as its user would feel it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<RequestSample> SendAsync(string model, string prompt, long due, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Address(options.Chat ? "chat/completions" : "completions"))
            {
                Content = JsonContent.Create(Body(model, prompt)),
            };
            Authorize(request);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? await ReadAsync(response, due, cancellationToken).ConfigureAwait(false)
                : new RequestSample { Error = $"HTTP {(int)response.StatusCode}", Total = time.GetElapsedTime(due) };
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
            if (!HasText(chunk))
            {
                continue;
            }

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
            CompletionTokens = sample.CompletionTokens == 0 ? pieces : sample.CompletionTokens,
        };
    }

    private static RequestSample Note(RequestSample sample, JsonNode chunk)
    {
        if (chunk["error"] is not null)
        {
            return sample with { Error = "error in the stream" };
        }

        return chunk["usage"] is not { } usage ? sample : sample with
        {
            PromptTokens = (int?)usage["prompt_tokens"] ?? 0,
            CachedTokens = (int?)usage["prompt_tokens_details"]?["cached_tokens"] ?? 0,
            CompletionTokens = (int?)usage["completion_tokens"] ?? 0,
        };
    }

    private static bool HasText(JsonNode chunk)
    {
        var choice = chunk["choices"] is JsonArray { Count: > 0 } choices ? choices[0] : null;
        return !string.IsNullOrEmpty((string?)choice?["delta"]?["content"] ?? (string?)choice?["text"]);
    }

    private JsonObject Body(string model, string prompt)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["max_tokens"] = options.MaxTokens,
            ["seed"] = options.Seed,
            ["stream"] = true,
            ["stream_options"] = new JsonObject { ["include_usage"] = true },
        };
        if (options.Chat)
        {
            body["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt });
        }
        else
        {
            body["prompt"] = prompt;
        }

        return body;
    }

    private void Authorize(HttpRequestMessage request)
    {
        if (options.ApiKey is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
        }
    }

    private Uri Address(string path) => new($"{options.Endpoint.ToString().TrimEnd('/')}/{path}");
}
