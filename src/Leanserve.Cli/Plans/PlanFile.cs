using Leanserve.Api;
using Leanserve.Planner;
using Leanserve.Translation;
using Leanserve.Translation.Cluster;
using Leanserve.Translation.Planning;
using Leanserve.Translation.Reading;

namespace Leanserve.Cli.Plans;

/// <summary>Plans every deployment of a file of manifests.</summary>
internal sealed class PlanFile
{
    private readonly List<PlannedDeployment> planned = [];
    private readonly List<Violation> violations = [];
    private readonly PlanWorld world;
    private readonly IReadOnlyList<ReadConfigMap> configMaps;

    // What stands in the file is about to be applied, so it counts before what the cluster has.
    private PlanFile(ManifestFile manifests, PlanWorld world)
    {
        this.world = world;
        configMaps = [.. manifests.ConfigMaps, .. world.Cluster?.ConfigMaps ?? []];
        violations.AddRange(manifests.Violations);
    }

    /// <summary>The deployments' plans in the order of the file.</summary>
    public IReadOnlyList<PlannedDeployment> Planned => planned;

    /// <summary>Every violation of every document.</summary>
    public IReadOnlyList<Violation> Violations => violations;

    public static PlanFile Read(string text, string fileName, NodeFacts machine) => Plan(DeploymentReader.Read(text, fileName), new PlanWorld(machine));

    public static PlanFile Plan(ManifestFile manifests, PlanWorld world)
    {
        var file = new PlanFile(manifests, world);
        foreach (var read in manifests.Deployments)
        {
            file.Plan(read);
        }

        return file;
    }

    private void Plan(ReadDeployment read)
    {
        var deployment = read.Deployment;
        var notes = new List<string>();
        var tokens = deployment.Spec.Knowledge?.Tokens is null ? KnowledgeEstimate.Tokens(deployment, configMaps) : null;
        var facts = new MeasuredFacts
        {
            Node = Node(deployment.Spec.Node, notes),
            KnowledgeTokens = tokens,
            AssumptionMaps = configMaps.Where(map => map.IsIn(deployment.Metadata.NamespaceProperty)).DistinctBy(map => map.Name).ToDictionary(map => map.Name, map => map.Data, StringComparer.Ordinal),
        };
        var request = PlanInputFactory.Create(deployment, facts);
        if (request.Input is not { } input)
        {
            violations.AddRange(request.Violations.Select(violation => violation with { Position = violation.Position ?? read.Position }));
            return;
        }

        if (tokens is { } estimated)
        {
            notes.Add($"The documents were estimated at {Wording.Count(estimated)} tokens from their length; the operator counts them with the model's tokenizer.");
        }

        if (world.EngineProfile is { } profile)
        {
            notes.Add($"Predicted with the engine profile {profile.Name} ({profile.Provenance}).");
        }

        planned.Add(new PlannedDeployment(deployment.Metadata.Name, DeploymentPlanner.Plan(input with { EngineProfile = world.EngineProfile }), request.Contradictions, notes));
    }

    private NodeFacts? Node(NodeSpec node, List<string> notes)
    {
        if (world.Cluster is { } cluster)
        {
            var search = NodeSearch.In(cluster.Nodes, node);
            notes.Add($"In the cluster: {search.Message}");
            return search.Match?.ToFacts();
        }

        if (node.Gpu != NodeSpec.Cpu || node.Capacity is not null)
        {
            return null;
        }

        notes.Add($"node.gpu is None without capacity: planned for this machine ({Wording.Plural(world.Machine.Cores, "core")}, {Wording.Bytes(world.Machine.AllocatableMemoryBytes)}).");
        return world.Machine;
    }
}
