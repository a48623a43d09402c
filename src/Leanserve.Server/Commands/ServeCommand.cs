using System.CommandLine;
using System.Runtime.InteropServices;
using Leanserve.Contracts;
using Leanserve.Server.Configuration;
using Leanserve.Server.Hosting;

namespace Leanserve.Server.Commands;

/// <summary><c>leanserve-server --config runtime.json</c>.</summary>
internal static class ServeCommand
{
    public static void Configure(RootCommand command)
    {
        var config = new Option<string>("--config") { Description = "The runtime.json that the operator wrote.", Required = true };
        var address = new Option<string>("--address") { Description = "IP address to listen on.", DefaultValueFactory = _ => new ServerOptions().Address };
        var terminationLog = TerminationLogOption();
        command.Options.Add(config);
        command.Options.Add(address);
        command.Options.Add(terminationLog);
        command.SetAction(result => RunAsync(
            result.GetValue(config)!, new ServerOptions { Address = result.GetValue(address)!, Telemetry = Telemetry() }, new TerminationLog(result.GetValue(terminationLog)!)));
    }

    public static Option<string> TerminationLogOption() => new("--termination-log")
    {
        Description = "File that takes the last words of the process, as Kubernetes shows them.",
        DefaultValueFactory = _ => TerminationLog.DefaultPath,
    };

    private static async Task<int> RunAsync(string path, ServerOptions options, TerminationLog terminationLog)
    {
        var configuration = RuntimeConfigFile.Load(path);
        if (configuration.Config is not { } config)
        {
            return Fail(ExitCodes.Usage, string.Join("\n", configuration.Violations), terminationLog);
        }

        if (!System.Net.IPAddress.TryParse(options.Address, out _))
        {
            return Fail(ExitCodes.Usage, $"--address is '{options.Address}'; it must be an IP address, such as 0.0.0.0.", terminationLog);
        }

        try
        {
            await ServeAsync(config, options).ConfigureAwait(false);
            return ExitCodes.Success;
        }
        catch (StartupException exception)
        {
            return Fail(ExitCodes.Failure, exception.Message, terminationLog);
        }
    }

    private static async Task ServeAsync(RuntimeConfig config, ServerOptions options)
    {
        var terminated = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            terminated.TrySetResult();
        }

        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        await using var host = await LeanserveHost.StartAsync(config, options, TimeProvider.System, Logging).ConfigureAwait(false);
        var ended = await Task.WhenAny(host.Ready, terminated.Task).ConfigureAwait(false);
        await ended.ConfigureAwait(false);
        await terminated.Task.ConfigureAwait(false);
        await host.DrainAsync().ConfigureAwait(false);
    }

    private static void Logging(ILoggingBuilder logging) => logging.AddJsonConsole(console =>
    {
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
    });

    private static Dictionary<string, string?> Telemetry() => Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
        .Where(variable => ((string)variable.Key).StartsWith("OTEL_", StringComparison.Ordinal))
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value);

    private static int Fail(int exitCode, string message, TerminationLog terminationLog)
    {
        Console.Error.WriteLine(message);
        terminationLog.Write(message);
        return exitCode;
    }
}
