using System.Net.Http.Json;
using System.Text.Json;
using k8s;
using Leanserve.Api;
using Spectre.Console;

namespace Leanserve.Demo;

/// <summary>Asks a served model through the API server's service proxy, which works on any cluster without a route to its pods.</summary>
public sealed class Questions(Kubernetes client, string ns)
{
    /// <summary>Annotation of a sample with a question that its model can answer.</summary>
    public const string Annotation = "leanserve.io/example-question";

    /// <summary>The question that a sample is asked.</summary>
    public static string Of(LlmDeployment sample) => sample.Metadata.Annotations?.TryGetValue(Annotation, out var asked) == true ? asked : "Hello! Who are you?";

    /// <summary>Asks the sample's question and prints the answer with what it rests on.</summary>
    public async Task<string> AskAsync(LlmDeployment sample, CancellationToken cancellationToken)
    {
        var question = Of(sample);
        var body = await PostAsync(sample.Metadata.Name, question, cancellationToken);
        var answer = body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString() ?? "";
        var usage = body.GetProperty("usage");
        AnsiConsole.WriteLine();
        AnsiConsole.MarkupLineInterpolated($"[bold]{sample.Metadata.Name}[/] ({sample.Status.Strategy?.Summary})");
        AnsiConsole.MarkupLineInterpolated($"  Q: {question}");
        AnsiConsole.MarkupLineInterpolated($"  A: [green]{answer.Trim()}[/]");
        AnsiConsole.MarkupLineInterpolated($"  [dim]{usage.GetProperty("prompt_tokens").GetInt32()} prompt tokens, {Cached(usage)} of them cached, {usage.GetProperty("completion_tokens").GetInt32()} generated{Sources(body)}[/]");
        return answer.Trim();
    }

    /// <summary>The bare answer to a question.</summary>
    public async Task<string> AnswerAsync(string name, string question, CancellationToken cancellationToken) =>
        (await PostAsync(name, question, cancellationToken)).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()?.Trim() ?? "";

    private async Task<JsonElement> PostAsync(string name, string question, CancellationToken cancellationToken)
    {
        var address = new Uri(client.BaseUri, $"api/v1/namespaces/{ns}/services/http:{name}:8080/proxy/v1/chat/completions");
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = JsonContent.Create(new { model = name, messages = new[] { new { role = "user", content = question } }, max_tokens = 32, seed = 1 }),
        };
        if (client.Credentials is not null)
        {
            await client.Credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }

        using var response = await client.HttpClient.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(body).RootElement
            : throw new DemoFailedException($"{name} answered {(int)response.StatusCode} to a question: {body}");
    }

    private static int Cached(JsonElement usage) =>
        usage.TryGetProperty("prompt_tokens_details", out var details) && details.TryGetProperty("cached_tokens", out var cached) ? cached.GetInt32() : 0;

    private static string Sources(JsonElement body) =>
        body.TryGetProperty("leanserve", out var extra) && extra.TryGetProperty("retrieved", out var retrieved) && retrieved.ValueKind == JsonValueKind.Array && retrieved.GetArrayLength() > 0
            ? "; retrieved " + string.Join(", ", retrieved.EnumerateArray().Select(p => p.GetProperty("source").GetString()))
            : "";
}
