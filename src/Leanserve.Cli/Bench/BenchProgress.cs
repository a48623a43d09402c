using Spectre.Console;

namespace Leanserve.Cli.Bench;

/// <summary>Shows how far a run is, on standard error, where somebody watches.</summary>
internal static class BenchProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    public static async Task<BenchReport> FollowAsync(LoadRun run, int requests, CancellationToken cancellationToken)
    {
        var running = run.RunAsync(cancellationToken);
        if (Console.IsErrorRedirected)
        {
            return await running.ConfigureAwait(false);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().AutoClear(true).StartAsync(async context =>
        {
            var task = context.AddTask("requests answered", maxValue: requests);
            while (!running.IsCompleted)
            {
                task.Value = run.Progress.Answered;
                await Task.WhenAny(running, Task.Delay(Interval, TimeProvider.System, CancellationToken.None)).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        return await running.ConfigureAwait(false);
    }
}
