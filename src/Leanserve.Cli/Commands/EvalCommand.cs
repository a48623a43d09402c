using System.CommandLine;
using System.Text.Json;
using Leanserve.Cli.Eval;
using Leanserve.Cli.Eval.Questions;
using Leanserve.Cli.Eval.Reporting;
using Leanserve.Cli.Eval.Targets;
using Leanserve.Cli.Plans;
using Leanserve.Cli.Streaming;
using Leanserve.Onnx;

namespace Leanserve.Cli.Commands;

/// <summary><c>leanserve eval</c>: how well questions are answered, by an endpoint or by a model under each strategy.</summary>
internal static class EvalCommand
{
    private const int Interrupted = 130;
    private const int NothingAnswered = 1;
    private const int BadArguments = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly Argument<FileInfo> File = new("questions") { Description = "Question set in JSON lines: {\"question\", \"answers\": […], \"documents\": […]}; see config/docs/eval.md." };
    private static readonly Option<string?> Url = new("--url") { Description = "Base address of an OpenAI-compatible API, such as http://localhost:8080/v1." };
    private static readonly Option<string?> ModelName = new("--model-name") { Description = "Model to ask the endpoint for; its first where left out." };
    private static readonly Option<string?> ApiKeyEnv = new("--api-key-env") { Description = "Environment variable with the endpoint's bearer token [OPENAI_API_KEY]." };
    private static readonly Option<DirectoryInfo?> Model = new("--model") { Description = "Model folder, served here by leanserve-server under each strategy." };
    private static readonly Option<FileInfo?> Server = new("--server") { Description = "The leanserve-server program [beside this one]." };
    private static readonly Option<string[]> Strategies = new("--strategy") { Description = $"How documents reach the model, repeatable: {EvalStrategy.Choices} [with --url: none, the question alone; with --model: none dense cag rag:3]. An endpoint takes none and dense.", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string[]> Decodings = new("--decoding") { Description = $"How tokens are chosen, repeatable: {EvalDecoding.Choices} [with --url: default; with --model: greedy].", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<int> Concurrency = new("--concurrency") { Description = "Requests at a time.", DefaultValueFactory = _ => 4 };
    private static readonly Option<int> MaxTokens = new("--max-tokens") { Description = "Longest answer, in tokens.", DefaultValueFactory = _ => 64 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Sent with each request.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> SkipBad = new("--skip-bad") { Description = "Leave bad lines out instead of stopping." };
    private static readonly Option<FileInfo?> Results = new("--results") { Description = "File that takes each answer as it comes [eval-TIME.jsonl]." };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Go on with the file of --results: what it holds is not asked again." };
    private static readonly Option<FileInfo?> Plot = new("--plot") { Description = "File that takes a picture of exact match by strategy and decoding: .svg or .png." };
    private static readonly Option<string> Output = new("--output", "-o") { Description = "table, json or markdown.", DefaultValueFactory = _ => "table" };

    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("table", "json", "markdown");
        var command = new Command("eval", "Ask a question set and score the answers: exact match and token F1 with intervals, latency, KV memory and retrieval recall, per strategy.")
        {
            File, Url, ModelName, ApiKeyEnv, Model, Server, Strategies, Decodings, Concurrency, MaxTokens, Seed, SkipBad, Results, Resume, Plot, Output,
            EvalGenerateCommand.Create(), EvalPlotCommand.Create(),
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var file = Read(arguments.GetValue(File)!);
        var violations = Violations(arguments).ToList();
        var skips = arguments.GetValue(SkipBad) && file.Questions.Count > 0;
        foreach (var violation in file.Violations)
        {
            await Console.Error.WriteLineAsync($"{arguments.GetValue(File)}: {violation}").ConfigureAwait(false);
        }

        violations.ForEach(Console.Error.WriteLine);
        if (violations.Count > 0 || (file.Violations.Count > 0 && !skips))
        {
            return BadArguments;
        }

        try
        {
            using var log = ResultLog.Open(arguments.GetValue(Results)?.FullName ?? DefaultResults(), arguments.GetValue(Resume));
            return await EvaluateAsync(arguments, Options(arguments, file.Questions), log, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UnauthorizedAccessException or ModelLoadException)
        {
            await Console.Error.WriteLineAsync($"leanserve eval: {exception.Message}").ConfigureAwait(false);
            return exception is HttpRequestException ? NothingAnswered : BadArguments;
        }
    }

    private static async Task<int> EvaluateAsync(ParseResult arguments, EvalOptions options, ResultLog log, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(10) };
        options = await NamedAsync(arguments, options, http, cancellationToken).ConfigureAwait(false);
        var run = new EvalRun(http, options, Target(arguments, options), log, TimeProvider.System);
        var complete = true;
        try
        {
            await EvalProgress.FollowAsync(run, options.Total, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            complete = false;
        }

        var report = EvalReport.Of(arguments.GetValue(Url) ?? arguments.GetValue(Model)!.ToString(), options, log.Results, complete);
        Write(report, arguments.GetValue(Output)!);
        if (arguments.GetValue(Plot) is { } plot && report.Cells.Count > 0)
        {
            EvalPlot.Write(plot.FullName, report);
        }

        await Console.Error.WriteLineAsync(complete
            ? $"Every answer: {log.Path}"
            : $"Interrupted; every answer so far: {log.Path}. The same command with --results {log.Path} --resume goes on.").ConfigureAwait(false);
        return !complete ? Interrupted : report.Cells.Any(cell => cell.Answered > 0) ? 0 : NothingAnswered;
    }

    private static IEnumerable<string> Violations(ParseResult arguments)
    {
        var (url, model) = (arguments.GetValue(Url), arguments.GetValue(Model));
        if (url is null == model is null)
        {
            yield return "State one of --url and --model: an endpoint that stands, or a model folder to serve here.";
        }

        if (url is not null && (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")))
        {
            yield return $"--url is '{url}'; write it as http://HOST:PORT/v1.";
        }

        foreach (var name in arguments.GetValue(Strategies) ?? [])
        {
            if (EvalStrategy.Parse(name) is not { } strategy)
            {
                yield return $"--strategy is '{name}'; it must be {EvalStrategy.Choices}.";
            }
            else if (url is not null && strategy.Name is not ("none" or "dense"))
            {
                yield return $"--strategy {name} needs --model: how an endpoint uses its documents is its own choice.";
            }
        }

        foreach (var name in (arguments.GetValue(Decodings) ?? []).Where(name => EvalDecoding.Parse(name) is null))
        {
            yield return $"--decoding is '{name}'; it must be {EvalDecoding.Choices}.";
        }

        foreach (var (name, value) in new[] { ("--concurrency", arguments.GetValue(Concurrency)), ("--max-tokens", arguments.GetValue(MaxTokens)) })
        {
            if (value < 1)
            {
                yield return $"{name} is {value}; it must be at least 1.";
            }
        }

        if (arguments.GetValue(Resume) && arguments.GetValue(Results) is null)
        {
            yield return "--resume needs --results, the file to go on with.";
        }

        if (arguments.GetValue(Plot) is { } plot && !EvalPlot.Formats.Contains(plot.Extension))
        {
            yield return $"--plot is '{plot}'; its name must end in {string.Join(" or ", EvalPlot.Formats)}.";
        }

        if (model is not null && !System.IO.File.Exists(ServerProgram(arguments)))
        {
            yield return $"--model needs the program leanserve-server, which is not at {ServerProgram(arguments)}; name it with --server.";
        }
    }

    private static EvalOptions Options(ParseResult arguments, IReadOnlyList<EvalQuestion> questions)
    {
        var isEndpoint = arguments.GetValue(Url) is not null;
        string[] strategies = arguments.GetValue(Strategies) is { Length: > 0 } named ? named : isEndpoint ? ["none"] : ["none", "dense", "cag", "rag:3"];
        string[] decodings = arguments.GetValue(Decodings) is { Length: > 0 } chosen ? chosen : isEndpoint ? ["default"] : ["greedy"];
        return new EvalOptions
        {
            Questions = questions,
            Strategies = [.. strategies.Distinct().Select(name => EvalStrategy.Parse(name)!)],
            Decodings = [.. decodings.Distinct().Select(name => EvalDecoding.Parse(name)!)],
            Model = arguments.GetValue(ModelName),
            Concurrency = arguments.GetValue(Concurrency),
            MaxTokens = arguments.GetValue(MaxTokens),
            Seed = arguments.GetValue(Seed),
        };
    }

    private static QuestionFile Read(FileInfo path)
    {
        try
        {
            var file = QuestionFile.Read(System.IO.File.ReadLines(path.FullName));
            return file.Questions.Count > 0 || file.Violations.Count > 0 ? file : new QuestionFile([], ["it holds no questions; write one object a line."]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new QuestionFile([], [exception.Message]);
        }
    }

    private static async Task<EvalOptions> NamedAsync(ParseResult arguments, EvalOptions options, HttpClient http, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(Url) is not { } url)
        {
            return options;
        }

        var client = new StreamingClient(http, new Uri(url), ApiKey(arguments), TimeProvider.System);
        return options with { Strategies = await ServedKnowledge.NameAsync(client, options.Strategies, options.Model, cancellationToken).ConfigureAwait(false) };
    }

    private static string? ApiKey(ParseResult arguments) => Environment.GetEnvironmentVariable(arguments.GetValue(ApiKeyEnv) ?? "OPENAI_API_KEY");

    private static IEvalTarget Target(ParseResult arguments, EvalOptions options) => arguments.GetValue(Url) is { } url
        ? new StandingTarget(new Uri(url), ApiKey(arguments))
        : new LocalTarget(ServerProgram(arguments), arguments.GetValue(Model)!.FullName, options, TimeProvider.System);

    private static string ServerProgram(ParseResult arguments) => arguments.GetValue(Server)?.FullName ?? Path.Combine(AppContext.BaseDirectory, "leanserve-server");

    private static string DefaultResults() =>
        Path.GetFullPath($"eval-{TimeProvider.System.GetLocalNow():yyyyMMdd-HHmmss}.jsonl");

    private static void Write(EvalReport report, string output)
    {
        if (output == "json")
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, Json));
            return;
        }

        EvalTable.Write(WideConsole.Create(), report, markdown: output == "markdown");
    }
}
