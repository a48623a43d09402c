using System.Diagnostics;

namespace Leanserve.Demo;

/// <summary>Runs kubectl as a user would, against the demo's cluster.</summary>
/// <param name="kubeconfig">The cluster's kubeconfig, or null for the current one.</param>
public sealed class Kubectl(string? kubeconfig)
{
    /// <summary>Runs and returns standard output.</summary>
    /// <exception cref="DemoFailedException">It ended with a status other than 0.</exception>
    public async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken, string? input = null)
    {
        var start = new ProcessStartInfo("kubectl") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (kubeconfig is not null)
        {
            start.Environment["KUBECONFIG"] = kubeconfig;
        }

        using var process = Process.Start(start) ?? throw new DemoFailedException("kubectl did not start.");
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        }

        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? await output
            : throw new DemoFailedException($"kubectl {string.Join(' ', start.ArgumentList)} failed: {(await errors).Trim()}");
    }
}
