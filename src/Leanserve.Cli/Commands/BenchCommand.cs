using System.CommandLine;
using System.Text.Json;
using Leanserve.Cli.Bench;
using Spectre.Console;

namespace Leanserve.Cli.Commands;

/// <summary><c>leanserve bench</c>: load on any OpenAI-compatible endpoint.</summary>
internal static class BenchCommand
{
    private const int Interrupted = 130;
    private const int AllFailed = 1;
    private const int BadArguments = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly Option<string> Url = new("--url") { Description = "Base address of the API, such as http://localhost:8080/v1.", Required = true };
    private static readonly Option<string?> Model = new("--model") { Description = "Model to ask for; the first of /v1/models where it is left out." };
    private static readonly Option<string?> ApiKey = new("--api-key") { Description = "Bearer token; taken from OPENAI_API_KEY where it is left out." };
    private static readonly Option<double?> Rate = new("--rate") { Description = "Open loop: Poisson arrivals at this mean rate, in requests a second." };
    private static readonly Option<int?> Concurrency = new("--concurrency") { Description = "Closed loop: this many users, each with one request at a time (default 1)." };
    private static readonly Option<int> Requests = new("--requests", "-n") { Description = "Requests in all.", DefaultValueFactory = _ => 50 };
    private static readonly Option<double?> Duration = new("--duration") { Description = "Seconds after which no more requests are sent." };
    private static readonly Option<string?> Prompt = new("--prompt") { Description = "Prompt of each request." };
    private static readonly Option<FileInfo?> Prompts = new("--prompts") { Description = "File with one prompt a line, sent in turn." };
    private static readonly Option<int> PromptWords = new("--prompt-words") { Description = "Random words of each prompt where none is given.", DefaultValueFactory = _ => 100 };
    private static readonly Option<int> MaxTokens = new("--max-tokens") { Description = "Longest answer, in tokens.", DefaultValueFactory = _ => 64 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Seed of arrivals, random prompts and answers.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Plain = new("--completions") { Description = "Ask /v1/completions instead of /v1/chat/completions." };
    private static readonly Option<string> Output = new("--output", "-o") { Description = "table or json.", DefaultValueFactory = _ => "table" };

    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("table", "json");
        var command = new Command("bench", "Puts load on any OpenAI-compatible endpoint: time to first token, inter-token latency, throughput, percentiles.")
        {
            Url, Model, ApiKey, Rate, Concurrency, Requests, Duration, Prompt, Prompts, PromptWords, MaxTokens, Seed, Plain, Output,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var violations = Violations(arguments).ToList();
        if (violations.Count > 0)
        {
            violations.ForEach(Console.Error.WriteLine);
            return BadArguments;
        }

        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(10) };
        var run = new LoadRun(http, Options(arguments), TimeProvider.System);
        try
        {
            var report = await BenchProgress.FollowAsync(run, arguments.GetValue(Requests), cancellationToken).ConfigureAwait(false);
            Write(report, arguments.GetValue(Output)!);
            return !report.Complete ? Interrupted : report.Succeeded == 0 ? AllFailed : 0;
        }
        catch (HttpRequestException exception)
        {
            await Console.Error.WriteLineAsync($"{arguments.GetValue(Url)} does not answer as an OpenAI-compatible API: {exception.Message}").ConfigureAwait(false);
            return AllFailed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Interrupted;
        }
    }

    private static IEnumerable<string> Violations(ParseResult arguments)
    {
        if (!Uri.TryCreate(arguments.GetValue(Url), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return $"--url is '{arguments.GetValue(Url)}'; write it as http://HOST:PORT/v1.";
        }

        if (arguments.GetValue(Rate) is not null && arguments.GetValue(Concurrency) is not null)
        {
            yield return "--rate and --concurrency exclude each other; choose open or closed loop.";
        }

        foreach (var (name, value) in new (string, double?)[]
            {
                ("--rate", arguments.GetValue(Rate)), ("--concurrency", arguments.GetValue(Concurrency)), ("--requests", arguments.GetValue(Requests)),
                ("--duration", arguments.GetValue(Duration)), ("--prompt-words", arguments.GetValue(PromptWords)), ("--max-tokens", arguments.GetValue(MaxTokens)),
            })
        {
            if (value is { } number && !(number > 0 && double.IsFinite(number)))
            {
                yield return FormattableString.Invariant($"{name} is {number}; it must be above 0.");
            }
        }

        if (arguments.GetValue(Prompts) is { } file && (!file.Exists || file.Length == 0))
        {
            yield return $"--prompts is '{file}', which is missing or empty; write one prompt a line.";
        }
    }

    private static LoadOptions Options(ParseResult arguments) => new()
    {
        Endpoint = new Uri(arguments.GetValue(Url)!),
        Model = arguments.GetValue(Model),
        ApiKey = arguments.GetValue(ApiKey) ?? Environment.GetEnvironmentVariable("OPENAI_API_KEY"),
        Pattern = arguments.GetValue(Rate) is { } rate ? new LoadPattern.Poisson(rate) : new LoadPattern.Closed(arguments.GetValue(Concurrency) ?? 1),
        Requests = arguments.GetValue(Requests),
        Duration = arguments.GetValue(Duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Prompts = arguments.GetValue(Prompts) is { } file ? PromptSource.Of(File.ReadAllLines(file.FullName))
            : arguments.GetValue(Prompt) is { } prompt ? PromptSource.Of([prompt])
            : PromptSource.Random(arguments.GetValue(PromptWords), arguments.GetValue(Seed)),
        MaxTokens = arguments.GetValue(MaxTokens),
        Seed = arguments.GetValue(Seed),
        Chat = !arguments.GetValue(Plain),
    };

    private static void Write(BenchReport report, string output)
    {
        if (output == "json")
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, Json));
            return;
        }

        BenchReportTable.Write(AnsiConsole.Console, report);
    }
}
