using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Leanserve.Cli.Plans;
using Leanserve.Translation.Planning;
using Leanserve.Translation.Reporting;
using Leanserve.Translation.Yaml;

namespace Leanserve.Cli.Commands;

/// <summary><c>leanserve plan</c>: what would be chosen for each deployment of a file, and why.</summary>
internal static class PlanCommand
{
    private const int BadFile = 2;
    private const int Infeasible = 3;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private static readonly Option<FileInfo> File = new("--file", "-f") { Description = "YAML or JSON file with LlmDeployments, and perhaps the ConfigMaps of their documents.", Required = true };
    private static readonly Option<string> Output = new("--output", "-o") { Description = "table, json or yaml.", DefaultValueFactory = _ => "table" };
    private static readonly Option<bool> Explain = new("--explain") { Description = "Walk through the arithmetic, and list the constants that spec.assumptions can override." };

    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("table", "json", "yaml");
        var command = new Command("plan", "Plan deployments: will it fit, what will it cost, why this, what else, what would change it. Exit status 0; 2 for a bad file; 3 when something is infeasible.")
        {
            File, Output, Explain,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        var path = arguments.GetValue(File)!;
        string text;
        try
        {
            text = System.IO.File.ReadAllText(path.FullName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"leanserve plan: cannot read {path}: {exception.Message}");
            return BadFile;
        }

        var file = PlanFile.Read(text, path.ToString(), Machine());
        foreach (var violation in file.Violations)
        {
            Console.Error.WriteLine(violation);
        }

        Print(file, arguments);
        return file.Violations.Count > 0 ? BadFile : file.Planned.All(planned => planned.Plan.Feasible) ? 0 : Infeasible;
    }

    private static void Print(PlanFile file, ParseResult arguments)
    {
        var output = arguments.GetValue(Output);
        if (output == "table")
        {
            var console = WideConsole.Create();
            foreach (var planned in file.Planned)
            {
                PlanReport.Write(console, planned, arguments.GetValue(Explain));
            }

            return;
        }

        // Notes would break the document; they go where people look and programs do not.
        foreach (var note in file.Planned.SelectMany(planned => planned.Notes.Select(note => $"{planned.Name}: {note}")))
        {
            Console.Error.WriteLine(note);
        }

        var document = new JsonArray([.. file.Planned.Select(planned => PlanJson.Of(planned.Name, planned.Plan, planned.Contradictions))]);
        Console.Out.WriteLine(output == "json" ? document.ToJsonString(Json) : JsonYaml.Write(document));
    }

    private static NodeFacts Machine() => new()
    {
        Cores = Environment.ProcessorCount,
        AllocatableMemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    };
}
