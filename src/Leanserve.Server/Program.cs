using System.CommandLine;
using Leanserve.Server.Commands;

var command = new RootCommand("Serves one ONNX language model with an OpenAI-compatible API.") { InspectCommand.Create() };
ServeCommand.Configure(command);
var parsed = command.Parse(args);
return parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction
    ? Usage(parsed)
    // The server drains on SIGTERM for longer than the library would wait.
    : await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

static int Usage(ParseResult parsed)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine(error.Message);
    }

    return ExitCodes.Usage;
}
