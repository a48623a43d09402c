using Spectre.Console;

namespace Leanserve.Cli.Eval;

/// <summary>Shows how far a run is, on standard error, where somebody watches.</summary>
internal static class EvalProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    public static async Task FollowAsync(EvalRun run, int total, CancellationToken cancellationToken)
    {
        var running = run.RunAsync(cancellationToken);
        if (!Console.IsErrorRedirected)
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            await console.Progress().AutoClear(true).StartAsync(async context =>
            {
                var task = context.AddTask("questions answered", maxValue: total);
                while (!running.IsCompleted)
                {
                    task.Value = run.Done;
                    await Task.WhenAny(running, Task.Delay(Interval, TimeProvider.System, CancellationToken.None)).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        }

        await running.ConfigureAwait(false);
    }
}
