using System.Diagnostics;
using System.Net;

namespace Leanserve.Cli.Eval.Targets;

/// <summary>A <c>leanserve-server</c> of our own; its folder goes with it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Process process;
    private readonly string workspace;
    private readonly TimeProvider time;
    private readonly Task<string> errors;

    private ServerProcess(Process process, string workspace, Uri address, TimeProvider time)
    {
        this.process = process;
        this.workspace = workspace;
        this.time = time;
        Address = address;
        errors = process.StandardError.ReadToEndAsync();
        process.BeginOutputReadLine();
    }

    public Uri Address { get; }

    /// <summary>Starts it; it is not ready yet.</summary>
    public static ServerProcess Start(string program, string config, string workspace, Uri address, TimeProvider time)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "--config", config, "--address", address.Host, "--termination-log", Path.Combine(workspace, "termination.log") })
        {
            start.ArgumentList.Add(argument);
        }

        return new ServerProcess(Process.Start(start)!, workspace, address, time);
    }

    /// <exception cref="EvalTargetException">It ended instead; the message is its own.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        while (!await IsReadyAsync(http, cancellationToken).ConfigureAwait(false))
        {
            if (process.HasExited)
            {
                var said = (await errors.ConfigureAwait(false)).Trim();
                throw new EvalTargetException(said.Length > 0 ? said : $"leanserve-server ended with {process.ExitCode}.");
            }

            await Task.Delay(Interval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync().ConfigureAwait(false);
        process.Dispose();
        Directory.Delete(workspace, recursive: true);
    }

    private async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(Address, "readyz"), cancellationToken).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
