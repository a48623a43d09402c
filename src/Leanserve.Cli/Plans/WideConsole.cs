using Spectre.Console;

namespace Leanserve.Cli.Plans;

/// <summary>The terminal, or a page of 120 columns without colours where the output goes into a file or a pipe.</summary>
internal static class WideConsole
{
    private const int PageColumns = 120;

    public static IAnsiConsole Create(TextWriter? writer = null)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer ?? Console.Out) });
        if (writer is not null || Console.IsOutputRedirected)
        {
            console.Profile.Width = PageColumns;
            console.Profile.Capabilities.Ansi = false;
        }

        return console;
    }
}
