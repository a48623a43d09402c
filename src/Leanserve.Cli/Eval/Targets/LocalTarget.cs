using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Leanserve.Cli.Eval.Questions;
using Leanserve.Contracts;
using Leanserve.Onnx;

namespace Leanserve.Cli.Eval.Targets;

/// <summary>
/// Serves a model folder by <c>leanserve-server</c>, the program that pods run, over the documents of each set: what is measured is what would be
/// deployed, and the command line needs none of the server's code.
/// </summary>
/// <param name="program">Path of <c>leanserve-server</c>.</param>
/// <param name="model">Folder of the model.</param>
/// <param name="options">Tells how much room requests need.</param>
/// <param name="time">Clock of the start.</param>
internal sealed class LocalTarget(string program, string model, EvalOptions options, TimeProvider time) : IEvalTarget
{
    private const int PassageTokens = 128;
    private const int OverlapTokens = 16;

    // Words around the documents, their names, and the question.
    private const int TokensAroundDocuments = 64;
    private const int TokensAroundDocument = 32;
    private const int QuestionTokens = 256;

    private readonly ModelFolder folder = ModelFolder.Open(model);

    public bool HoldsDocuments => true;

    public async Task<EvalEndpoint> OpenAsync(
        EvalStrategy strategy, EvalDecoding decoding, IReadOnlyList<EvalDocument> documents, CancellationToken cancellationToken)
    {
        var workspace = Directory.CreateTempSubdirectory("leanserve-eval-").FullName;
        var port = FreePort();
        var config = Config(strategy, decoding, documents, workspace, port);
        var path = Path.Combine(workspace, "runtime.json");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(config, RuntimeConfig.Json), cancellationToken).ConfigureAwait(false);
        var server = ServerProcess.Start(program, path, workspace, new Uri($"http://127.0.0.1:{port}"), time);
        try
        {
            await server.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
            return new EvalEndpoint(new Uri(server.Address, "v1"), null, server);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private RuntimeConfig Config(EvalStrategy strategy, EvalDecoding decoding, IReadOnlyList<EvalDocument> documents, string workspace, int port)
    {
        var withDocuments = strategy.Mode is not null && documents.Count > 0;
        if (withDocuments)
        {
            Write(documents, Path.Combine(workspace, "documents"));
        }

        return new RuntimeConfig
        {
            ModelName = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model))),
            ModelDirectory = Path.GetFullPath(model),
            Port = port,
            DrainSeconds = 1,
            Knowledge = new KnowledgeConfig
            {
                Mode = withDocuments ? strategy.Mode!.Value : KnowledgeMode.Dense,
                Sources = withDocuments ? [new KnowledgeDirectory { Name = "documents", Directory = Path.Combine(workspace, "documents") }] : [],
                RetrievedPassages = Math.Max(1, strategy.Passages),
                PassageTokens = PassageTokens,
                PassageOverlapTokens = OverlapTokens,
            },
            Decoding = new DecodingConfig { Mode = DecodingMode.Sampling, BeamWidth = Math.Max(1, decoding.Beams) },
            Limits = new EngineLimits
            {
                KvSlots = Slots(strategy, decoding, withDocuments ? documents : []),
                MaxConcurrentRequests = options.Concurrency,
                MaxOutputTokens = options.MaxTokens,
            },
        };
    }

    // As the operator does: no more slots than documents, requests and beams need.
    private int Slots(EvalStrategy strategy, EvalDecoding decoding, IReadOnlyList<EvalDocument> documents)
    {
        var perRequest = QuestionTokens + (Math.Max(1, decoding.Beams) * options.MaxTokens);
        if (strategy.Mode == KnowledgeMode.Rag)
        {
            return 2 + (options.Concurrency * (perRequest + TokensAroundDocuments + (strategy.Passages * (PassageTokens + TokensAroundDocument))));
        }

        var tokens = documents.Sum(document => folder.Tokenizer.Encode(document.Text).Count + TokensAroundDocument) + TokensAroundDocuments;
        return 2 + Math.Min(tokens, folder.Geometry.MaxContextTokens) + (options.Concurrency * perRequest);
    }

    private static void Write(IReadOnlyList<EvalDocument> documents, string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var (index, document) in documents.Index())
        {
            var name = Path.GetFileName(document.Name);
            var path = Path.Combine(directory, name);
            File.WriteAllText(name.Length == 0 || File.Exists(path) ? Path.Combine(directory, $"{index}-{name}.txt") : path, document.Text);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
