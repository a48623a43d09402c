using System.Net.Http.Json;
using System.Text.Json;
using k8s;
using Leanserve.Api;
using Spectre.Console;

namespace Leanserve.Demo;

/// <summary>Asks a served model through the API server's service proxy, which works on any cluster without a route to its pods.</summary>
public sealed class Questions(Kubernetes client, string ns)
{
    private const string Annotation = "leanserve.io/example-";
    private const int QuoteLength = 90;

    /// <summary>Asks the sample's question and prints the answer with what it rests on.</summary>
    /// <exception cref="DemoFailedException">The answer is not the one that the sample states.</exception>
    public async Task AskAsync(LlmDeployment sample, CancellationToken cancellationToken)
    {
        var body = await PostAsync(sample, cancellationToken);
        var usage = body.GetProperty("usage");
        AnsiConsole.WriteLine();
        AnsiConsole.MarkupLineInterpolated($"[bold]{sample.Metadata.Name}[/] ({sample.Status.Strategy?.Summary})");
        if (Example(sample, "context") is { } context)
        {
            AnsiConsole.MarkupLineInterpolated($"  [dim]sent along: {context}[/]");
        }

        AnsiConsole.MarkupLineInterpolated($"  Q: {Question(sample)}");
        AnsiConsole.MarkupLineInterpolated($"  A: [green]{Answer(body)}[/]");
        if (Citation(body, Answer(body)) is { } citation)
        {
            AnsiConsole.MarkupLineInterpolated($"  [dim]from {citation}[/]");
        }

        AnsiConsole.MarkupLineInterpolated($"  [dim]{usage.GetProperty("prompt_tokens").GetInt32()} prompt tokens, {Cached(usage)} of them cached, {usage.GetProperty("completion_tokens").GetInt32()} generated[/]");
        Require(sample, Answer(body), Example(sample, "answer"));
        if (body.GetProperty("leanserve").GetProperty("retrieved").GetArrayLength() > 0 && Citation(body, Answer(body)) is null)
        {
            throw new DemoFailedException($"{sample.Metadata.Name} answered '{Answer(body)}', which none of the passages that it retrieved holds.");
        }
    }

    /// <summary>The question that a sample is asked.</summary>
    public static string Question(LlmDeployment sample) => Example(sample, "question")
        ?? throw new DemoFailedException($"{sample.Metadata.Name} has no annotation {Annotation}question.");

    /// <summary>The bare answer to the sample's question.</summary>
    public async Task<string> AnswerAsync(LlmDeployment sample, CancellationToken cancellationToken) => Answer(await PostAsync(sample, cancellationToken));

    /// <exception cref="DemoFailedException">The answer is another.</exception>
    public static void Require(LlmDeployment sample, string answer, string? expected)
    {
        if (expected is not null && answer != expected)
        {
            throw new DemoFailedException($"{sample.Metadata.Name} answered '{answer}' to '{Question(sample)}'; right is '{expected}'.");
        }
    }

    /// <summary>What a sample's annotations say of the question it is for: its context, question or answer.</summary>
    public static string? Example(LlmDeployment sample, string part) => sample.Metadata.Annotations?.TryGetValue(Annotation + part, out var text) == true ? text : null;

    private static string Answer(JsonElement body) => body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()?.Trim() ?? "";

    private async Task<JsonElement> PostAsync(LlmDeployment sample, CancellationToken cancellationToken)
    {
        var name = sample.Metadata.Name;
        List<object> messages = [new { role = "user", content = Question(sample) }];
        if (Example(sample, "context") is { } context)
        {
            messages.Insert(0, new { role = "system", content = context });
        }

        var address = new Uri(client.BaseUri, $"api/v1/namespaces/{ns}/services/http:{name}:8080/proxy/v1/chat/completions");
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = JsonContent.Create(new { model = name, messages, max_tokens = 32, seed = 1 }),
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

    // The passage that holds the answer, quoted around it.
    private static string? Citation(JsonElement body, string answer)
    {
        foreach (var passage in body.GetProperty("leanserve").GetProperty("retrieved").EnumerateArray())
        {
            var text = passage.GetProperty("text").GetString()!;
            var at = text.IndexOf(answer, StringComparison.Ordinal);
            if (at >= 0)
            {
                var from = text.LastIndexOf('\n', at) + 1;
                var line = text[from..].Split('\n')[0];
                return $"{passage.GetProperty("source").GetString()}, {passage.GetProperty("heading").GetString()}: \u201c{(line.Length <= QuoteLength ? line : line[..QuoteLength] + "…")}\u201d";
            }
        }

        return null;
    }
}
