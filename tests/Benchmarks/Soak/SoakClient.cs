using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Leanserve.Benchmarks.Soak;

/// <summary>Sends requests of the mix and tallies what becomes of them.</summary>
internal sealed class SoakClient(Uri server, SoakTally tally) : IDisposable
{
    private const string Path = "/v1/chat/completions";
    private const string EventPrefix = "data: ";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // A client that leaves hangs up: by default it would read on to keep the connection.
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxResponseDrainSize = 0, ResponseDrainTimeout = TimeSpan.Zero })
    {
        BaseAddress = server,
        Timeout = Patience,
    };

    /// <summary>One request of the mix: one in 20 is malformed, one in 10 a stream that is left.</summary>
    public async Task SendAsync(Random random, CancellationToken cancellationToken)
    {
        int kind = random.Next(SoakRequest.Kinds);
        bool isStream = random.Next(2) == 0;
        int dice = random.Next(20);
        try
        {
            if (dice == 0)
            {
                await SendMalformedAsync(SoakRequest.Malformed(random), cancellationToken);
            }
            else if (dice <= 2)
            {
                await LeaveAsync(SoakRequest.Body(kind, isStream: true), random.Next(1, 12), cancellationToken);
            }
            else
            {
                (string documents, string answer) = await AskAsync(SoakRequest.Body(kind, isStream), cancellationToken);
                tally.Answer(kind, documents, answer);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            tally.Fail($"kind {kind}{(isStream ? ", streamed" : "")}: {exception.GetType().Name}: {exception.Message}");
        }
    }

    /// <summary>The same request alone.</summary>
    public async Task CompareAsync(int kind, CancellationToken cancellationToken)
    {
        (string documents, string answer) = await AskAsync(SoakRequest.Body(kind, isStream: false), cancellationToken);
        tally.Compare(kind, documents, answer);
    }

    /// <summary>The whole body of an answer.</summary>
    public async Task<string> BodyAsync(int kind, CancellationToken cancellationToken)
    {
        using var response = await PostAsync(SoakRequest.Body(kind, isStream: false), cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>Completes once requests are answered from a version of the documents.</summary>
    public async Task WaitForDocumentsAsync(string hash, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        while (!(await _http.GetStringAsync("/v1/models", limit.Token)).Contains(hash, StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task SendMalformedAsync(string body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(Path, content, cancellationToken);
        if (response.StatusCode == HttpStatusCode.BadRequest)
        {
            tally.Refuse();
        }
        else
        {
            tally.Fail($"a malformed body was answered with {response.StatusCode}: {body[..Math.Min(body.Length, 120)]}");
        }
    }

    /// <summary>Hangs up after a few lines of a stream.</summary>
    private async Task LeaveAsync(JsonObject body, int lines, CancellationToken cancellationToken)
    {
        using var response = await PostAsync(body, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (lines-- > 0 && await reader.ReadLineAsync(cancellationToken) is not null)
        {
        }

        tally.Leave();
    }

    private async Task<(string Documents, string Answer)> AskAsync(JsonObject body, CancellationToken cancellationToken)
    {
        using var response = await PostAsync(body, cancellationToken);
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        return SoakAnswer.Read((bool)body["stream"]! ? Events(text) : [JsonNode.Parse(text)!]);
    }

    private static List<JsonNode> Events(string text)
    {
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(item => item[EventPrefix.Length..]).ToList();
        return events[^1] == "[DONE]" ? [.. events[..^1].Select(item => JsonNode.Parse(item)!)] : throw new InvalidDataException($"A stream ended with {events[^1]}");
    }

    private async Task<HttpResponseMessage> PostAsync(JsonObject body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new HttpRequestException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }
    }
}
