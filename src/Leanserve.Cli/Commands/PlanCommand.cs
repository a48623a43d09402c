using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Autorest;
using k8s.Exceptions;
using Leanserve.Cli.Plans;
using Leanserve.Cli.Sweeps;
using Leanserve.Translation.Planning;
using Leanserve.Translation.Reading;
using Leanserve.Translation.Reporting;
using Leanserve.Translation.Yaml;

namespace Leanserve.Cli.Commands;

/// <summary><c>leanserve plan</c>: what would be chosen for each deployment of a file, and why.</summary>
internal static class PlanCommand
{
    private const int BadFile = 2;
    private const int Infeasible = 3;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private static readonly Option<FileInfo> File = new("--file", "-f") { Description = "YAML or JSON file with LlmDeployments, and perhaps the ConfigMaps that they name.", Required = true };
    private static readonly Option<string?> Name = new("--name") { Description = "Plan only the deployment of this name." };
    private static readonly Option<string> Output = new("--output", "-o") { Description = "table, json or yaml.", DefaultValueFactory = _ => "table" };
    private static readonly Option<bool> Explain = new("--explain") { Description = "Walk through the arithmetic, and list the constants that spec.assumptions can override." };
    private static readonly Option<bool> Cluster = new("--cluster") { Description = "Plan for the nodes, and with the ConfigMaps, of the current kubeconfig's cluster; without it nothing but the file is read." };
    private static readonly Option<string?> Profile = new("--engine-profile") { Description = EngineProfileArgument.Description };
    private static readonly Option<string?> Sweep = new("--sweep") { Description = $"Map which strategy wins where over two axes, such as qps=0.1..50,documents=1k..500k. Axes: {SweepAxis.KnownNames}." };
    private static readonly Option<FileInfo[]> Out = new("--out") { Description = "Files for the map of --sweep: .svg, .png or .csv.", AllowMultipleArgumentsPerToken = true };

    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("table", "json", "yaml");
        var command = new Command("plan", "Plan deployments: will it fit, what will it cost, why this, what else, what would change it. Exit status 0; 2 for a bad file; 3 when something is infeasible.")
        {
            File, Name, Output, Explain, Cluster, Profile, Sweep, Out,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var files = arguments.GetValue(Out) ?? [];
        var complaints = arguments.GetValue(Sweep) is { } axes ? PlanSweep.Complaints(axes, files).ToList()
            : files.Length > 0 ? ["--out goes with --sweep; use -o json or a redirection for plans."] : [];
        var (profile, complaint) = EngineProfileArgument.Read(arguments.GetValue(Profile));
        complaints.AddRange(complaint is null ? [] : [complaint]);
        if (complaints.Count > 0)
        {
            return Refuse(complaints);
        }

        var path = arguments.GetValue(File)!;
        string text;
        try
        {
            text = System.IO.File.ReadAllText(path.FullName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Refuse([$"cannot read {path}: {exception.Message}"]);
        }

        var manifests = DeploymentReader.Read(text, path.ToString());
        var world = new PlanWorld(Machine()) { EngineProfile = profile };
        try
        {
            world = arguments.GetValue(Cluster) ? world with { Cluster = await ClusterView.ReadAsync(manifests.Deployments, cancellationToken) } : world;
        }
        catch (Exception exception) when (exception is KubeConfigException or HttpOperationException or HttpRequestException)
        {
            return Refuse([$"--cluster cannot read the current kubeconfig's cluster: {exception.Message}"]);
        }

        return Run(PlanFile.Plan(manifests, world), arguments, cancellationToken);
    }

    private static int Run(PlanFile file, ParseResult arguments, CancellationToken cancellationToken)
    {
        foreach (var violation in file.Violations)
        {
            Console.Error.WriteLine(violation);
        }

        var name = arguments.GetValue(Name);
        var planned = file.Planned.Where(one => name is null || one.Name == name).ToList();
        if (name is not null && planned.Count == 0 && file.Violations.Count == 0)
        {
            return Refuse([$"--name is '{name}'; the file holds {string.Join(", ", file.Planned.Select(one => one.Name))}."]);
        }

        if (arguments.GetValue(Sweep) is { } axes && file.Violations.Count == 0)
        {
            return planned is [var only]
                ? PlanSweep.Run(only, axes, arguments.GetValue(Out) ?? [], cancellationToken)
                : Refuse([$"--sweep maps one deployment; choose one with --name: {string.Join(", ", planned.Select(one => one.Name))}."]);
        }

        Print(planned, arguments);
        return file.Violations.Count > 0 ? BadFile : planned.All(one => one.Plan.Feasible) ? 0 : Infeasible;
    }

    private static int Refuse(IEnumerable<string> complaints)
    {
        foreach (var complaint in complaints)
        {
            Console.Error.WriteLine($"leanserve plan: {complaint}");
        }

        return BadFile;
    }

    private static void Print(IReadOnlyList<PlannedDeployment> all, ParseResult arguments)
    {
        var output = arguments.GetValue(Output);
        if (output == "table")
        {
            var console = WideConsole.Create();
            foreach (var planned in all)
            {
                PlanReport.Write(console, planned, arguments.GetValue(Explain));
            }

            return;
        }

        var document = new JsonArray([.. all.Select(planned => PlanJson.Of(planned.Name, planned.Plan, planned.Contradictions, planned.Notes))]);
        Console.Out.WriteLine(output == "json" ? document.ToJsonString(Json) : JsonYaml.Write(document));
    }

    private static NodeFacts Machine() => new()
    {
        Cores = Environment.ProcessorCount,
        AllocatableMemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
    };
}
