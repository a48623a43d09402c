using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Leanserve.Contracts;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>The real server as a process of its own, as in a pod.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = [];

    private ServerProcess(Process process, int port)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();

        // Whatever ends this process, the server must not stay behind.
        AppDomain.CurrentDomain.ProcessExit += Kill;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Patience };
    }

    /// <summary>The published server, which the build puts beside the benchmarks.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "server", "leanserve-server");

    public HttpClient Http { get; }

    /// <summary>Lines of the server's log that tell of errors.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>What the plan counts, in bytes: memory that is the process's own or holds mapped files, as a pod is charged for it; or the GPU's.</summary>
    public long MemoryBytes => Hardware.GpuMemoryBytes ?? StatusKilobytes("VmRSS") * 1024;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts the server and waits until it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(RuntimeConfig config, string directory, CancellationToken cancellationToken)
    {
        string path = Path.Combine(directory, "runtime.json");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(config, RuntimeConfig.Json), cancellationToken);

        // A server that computes on all processors would keep the client from its own; elsewhere, the client is on another machine.
        var start = new ProcessStartInfo("nice", [Program, "--config", path, "--address", "127.0.0.1"])
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
        var server = new ServerProcess(process, config.Port);
        try
        {
            await server.WaitUntilReadyAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        Kill(null, EventArgs.Empty);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Kill(object? sender, EventArgs arguments)
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }

    private void Note(string? line)
    {
        if (line is not null && (line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal) || line.Contains("\"LogLevel\":\"Critical\"", StringComparison.Ordinal)))
        {
            _errors.Enqueue(line);
        }
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Patience && !_process.HasExited)
        {
            try
            {
                using var response = await Http.GetAsync("/readyz", cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }

        throw new InvalidOperationException($"The server was not ready within {Patience.TotalSeconds} s.");
    }

    private long StatusKilobytes(string name) => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal),
        NumberStyles.Integer,
        CultureInfo.InvariantCulture);
}
