using System.Diagnostics;
using System.Text.Json;
using Leanserve.Contracts;

namespace Leanserve.Server.Tests.Support;

/// <summary>The server as a process of its own, as a pod runs it, with a folder for its files.</summary>
internal sealed class PodProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Folder { get; } = Directory.CreateTempSubdirectory("pod-").FullName;

    /// <summary>What the process left in its termination log.</summary>
    public string LastWords => File.ReadAllText(TerminationLog);

    private string TerminationLog => Path.Combine(Folder, "termination-log");

    public Process Start(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "leanserve-server"), [.. arguments, "--termination-log", TerminationLog])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    public Process Start(RuntimeConfig config) => Start("--config", WriteConfig(config), "--address", "127.0.0.1");

    /// <summary>Starts the server and waits until it is ready.</summary>
    public async Task<Process> ServeAsync(RuntimeConfig config, CancellationToken cancellationToken)
    {
        var process = Start(config);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{config.Port}") };
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                return (await http.GetAsync("/readyz", cancellationToken)).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return process;
    }

    public string WriteConfig(RuntimeConfig config)
    {
        var path = Path.Combine(Folder, "runtime.json");
        File.WriteAllText(path, JsonSerializer.Serialize(config, RuntimeConfig.Json));
        return path;
    }

    public static async Task<(int ExitCode, string Output, string Error)> EndAsync(Process process, CancellationToken cancellationToken)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
            return (process.ExitCode, await output, await error);
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
