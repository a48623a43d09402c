using Spectre.Console;

namespace Leanserve.Cli.Sweeps;

/// <summary>Shows how far a sweep is, on standard error, where somebody watches.</summary>
internal static class SweepProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <param name="points">Points in all.</param>
    /// <param name="run">The sweep; it is given what to call after each point.</param>
    public static StrategySweep Follow(int points, Func<Action, StrategySweep> run)
    {
        if (Console.IsErrorRedirected)
        {
            return run(() => { });
        }

        var done = 0;
        var running = Task.Run(() => run(() => Interlocked.Increment(ref done)));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress().AutoClear(true).Start(context =>
        {
            var task = context.AddTask("points planned", maxValue: points);
            while (Task.WaitAny([running], Interval) < 0)
            {
                task.Value = Volatile.Read(ref done);
            }
        });
        return running.GetAwaiter().GetResult();
    }
}
