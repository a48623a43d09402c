using System.Diagnostics;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>A replica as a process of its own.</summary>
public sealed class ReplicaProcess : IAsyncDisposable
{
    private readonly Process process;

    private ReplicaProcess(Process process, string identity)
    {
        this.process = process;
        Identity = identity;
    }

    public string Identity { get; }

    public int ExitCode => process.ExitCode;

    public static ReplicaProcess Start(ApiServerFixture api, string ns, string identity, string journal)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "controllers-test-replica"), [ns, identity, journal]);
        start.Environment["KUBECONFIG"] = api.Plane.KubeconfigPath;
        return new ReplicaProcess(Process.Start(start)!, identity);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }
}
