using Leanserve.Api;
using Leanserve.Planner;
using Leanserve.Translation;
using Leanserve.Translation.Planning;
using Leanserve.Translation.Reading;

namespace Leanserve.Cli.Plans;

/// <summary>Plans every deployment of a file of manifests, without a cluster.</summary>
internal sealed class PlanFile
{
    private readonly List<PlannedDeployment> planned = [];
    private readonly List<Violation> violations = [];
    private readonly NodeFacts machine;

    /// <param name="machine">The machine that stands in for a node whose CPU is asked for without capacity.</param>
    private PlanFile(NodeFacts machine) => this.machine = machine;

    /// <summary>The deployments' plans in the order of the file.</summary>
    public IReadOnlyList<PlannedDeployment> Planned => planned;

    /// <summary>Every violation of every document.</summary>
    public IReadOnlyList<Violation> Violations => violations;

    public static PlanFile Read(string text, string fileName, NodeFacts machine)
    {
        var file = new PlanFile(machine);
        var manifests = DeploymentReader.Read(text, fileName);
        file.violations.AddRange(manifests.Violations);
        foreach (var read in manifests.Deployments)
        {
            file.Plan(read, manifests.ConfigMaps);
        }

        return file;
    }

    private void Plan(ReadDeployment read, IReadOnlyList<ReadConfigMap> configMaps)
    {
        var spec = read.Deployment.Spec;
        var notes = new List<string>();
        var usesMachine = spec.Node.Gpu == NodeSpec.Cpu && spec.Node.Capacity is null;
        var tokens = spec.Knowledge?.Tokens is null ? KnowledgeEstimate.Tokens(read.Deployment, configMaps) : null;
        var request = PlanInputFactory.Create(read.Deployment, new MeasuredFacts { Node = usesMachine ? machine : null, KnowledgeTokens = tokens });
        if (request.Input is not { } input)
        {
            violations.AddRange(request.Violations.Select(violation => violation with { Position = violation.Position ?? read.Position }));
            return;
        }

        if (usesMachine)
        {
            notes.Add($"node.gpu is None without capacity: planned for this machine ({machine.Cores} cores, {Wording.Bytes(machine.AllocatableMemoryBytes)}).");
        }

        if (tokens is { } estimated)
        {
            notes.Add($"The documents in the file were estimated at {Wording.Count(estimated)} tokens; the operator counts them with the model's tokenizer.");
        }

        planned.Add(new PlannedDeployment(read.Deployment.Metadata.Name, DeploymentPlanner.Plan(input), request.Contradictions, notes));
    }
}
