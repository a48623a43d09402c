using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Leanserve.Benchmarks.Prediction;
using Leanserve.Contracts;
using Leanserve.Engine;

namespace Leanserve.Benchmarks.Engine;

/// <summary>From the start of the server's process to its first 200 on /readyz, with and without a snapshot of the documents.</summary>
internal sealed class SnapshotBenchmark : IBenchmark
{
    private const int Runs = 3;

    /// <inheritdoc/>
    public string Name => "engine-snapshot";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string work = Directory.CreateTempSubdirectory("leanserve-snapshot-").FullName;
        try
        {
            foreach (var precision in BenchmarkModel.Precisions)
            {
                foreach (int tokens in new[] { 2048, 4096 })
                {
                    yield return await CompareAsync(work, precision, tokens, cancellationToken);
                }
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<Figure> CompareAsync(string work, WeightPrecision precision, int tokens, CancellationToken cancellationToken)
    {
        var folder = BenchmarkModel.Open(precision);
        string directory = Path.Combine(work, $"{precision}-{tokens}");
        string documents = Directory.CreateDirectory(Path.Combine(directory, "documents")).FullName;
        await File.WriteAllTextAsync(Path.Combine(documents, "handbook.txt"), Text(folder.Tokenizer, tokens), cancellationToken);
        List<double> without = [];
        List<double> with = [];
        for (int run = 0; run < Runs; run++)
        {
            string snapshots = Path.Combine(directory, $"snapshots-{run}");
            without.Add(await StartAsync(directory, folder.Directory, documents, snapshots, tokens, cancellationToken));
            with.Add(await StartAsync(directory, folder.Directory, documents, snapshots, tokens, cancellationToken));
        }

        (double cold, double restored) = (Median.Of(without), Median.Of(with));
        return new Figure($"restart to ready, {tokens} document tokens, {precision}", restored, "ms", cold, cold / restored, Hardware.Describe());
    }

    /// <summary>Milliseconds to ready. The server is stopped once its snapshot lies in its place.</summary>
    private static async Task<double> StartAsync(
        string directory, string model, string documents, string snapshots, int tokens, CancellationToken cancellationToken)
    {
        int port = FreePort();
        string path = Path.Combine(directory, "runtime.json");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(Config(model, documents, snapshots, tokens, port), RuntimeConfig.Json), cancellationToken);
        var start = new ProcessStartInfo(ServerProcess.Program, ["--config", path, "--address", "127.0.0.1"])
        {
            RedirectStandardOutput = true,
        };
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        long begun = Stopwatch.GetTimestamp();
        using var server = Process.Start(start)!;
        _ = server.StandardOutput.ReadToEndAsync(cancellationToken);
        try
        {
            while (!await IsReadyAsync(client, cancellationToken))
            {
                await Task.Delay(5, cancellationToken);
            }

            double elapsed = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            while (!Directory.Exists(snapshots) || Directory.GetFiles(snapshots, "*.kv").Length == 0)
            {
                await Task.Delay(5, cancellationToken);
            }

            return elapsed;
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static RuntimeConfig Config(string model, string documents, string snapshots, int tokens, int port) => new()
    {
        ModelName = "model-a",
        ModelDirectory = model,
        Threads = Hardware.Threads,
        ExecutionProvider = Hardware.Provider,
        Port = port,
        Knowledge = new KnowledgeConfig
        {
            Mode = KnowledgeMode.Cag,
            Sources = [new KnowledgeDirectory { Name = "handbook", Directory = documents }],
            SnapshotDirectory = snapshots,
        },
        Decoding = new DecodingConfig { Mode = DecodingMode.Sampling },
        Limits = new EngineLimits { KvSlots = tokens + 1024, MaxConcurrentRequests = 4, MaxOutputTokens = 256 },
    };

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync("/readyz", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Text(ITokenizer tokenizer, int tokens)
    {
        var text = new StringBuilder();
        for (int i = 0; i % 64 != 0 || tokenizer.Encode(text.ToString()).Count < tokens; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"Shelf {i} holds item {i * 7919 % 10_007}. ");
        }

        return text.ToString();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
