using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Leanserve.Cli.Plans;
using Leanserve.Planner;
using Leanserve.Translation.Planning;
using Leanserve.Translation.Reading;
using Leanserve.Translation.Reporting;

namespace Leanserve.Cli.Tests.Plans;

/// <summary>
/// Plans that a reader can check by hand: <c>golden/CASE/deployment.yaml</c> gives <c>plan.json</c>; a <c>model.json</c>
/// beside it is what the inspection measured of the model. After a wanted change, set LEANSERVE_GOLDEN to the
/// folder golden of the source tree, run these tests once, and read the difference before committing it.
/// </summary>
public sealed class GoldenPlanTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "golden");
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly JsonSerializerOptions Facts = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
    private static readonly NodeFacts NoMachine = new() { Cores = 1, AllocatableMemoryBytes = 1 };

    public static TheoryData<string> Cases() => [.. Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plan_OfGoldenCase_IsAsRecorded(string name)
    {
        var plan = Plan(name);
        if (Environment.GetEnvironmentVariable("LEANSERVE_GOLDEN") is { Length: > 0 } source)
        {
            File.WriteAllText(Path.Combine(source, name, "plan.json"), plan.ToJsonString(Indented) + "\n");
        }

        var recorded = JsonNode.Parse(File.ReadAllText(Path.Combine(Environment.GetEnvironmentVariable("LEANSERVE_GOLDEN") ?? Folder, name, "plan.json")));
        Assert.Equal(recorded!.ToJsonString(Indented), plan.ToJsonString(Indented));
    }

    [Fact]
    public void GoldenCases_Together_ShowEveryRejectionReason()
    {
        var shown = Cases().Select(data => data.Data).SelectMany(name => Plan(name)["candidates"]!.AsArray()).Select(candidate => candidate!["reason"]!.ToString()).ToHashSet();
        Assert.Empty(RejectionReason.All.Except(shown));
    }

    private static JsonObject Plan(string name)
    {
        var path = Path.Combine(Folder, name, "deployment.yaml");
        var file = PlanFile.Read(File.ReadAllText(path), "deployment.yaml", NoMachine);
        Assert.Empty(file.Violations);
        if (MeasuredModel(name) is { } model)
        {
            var deployment = DeploymentReader.Read(File.ReadAllText(path), "deployment.yaml").Deployments.Single().Deployment;
            var request = PlanInputFactory.Create(deployment, new MeasuredFacts { Model = model });
            return PlanJson.Of(name, DeploymentPlanner.Plan(request.Input!), request.Contradictions, []);
        }

        var planned = Assert.Single(file.Planned);
        return PlanJson.Of(planned.Name, planned.Plan, planned.Contradictions, planned.Notes);
    }

    private static ModelFacts? MeasuredModel(string name)
    {
        var path = Path.Combine(Folder, name, "model.json");
        return File.Exists(path) ? JsonSerializer.Deserialize<ModelFacts>(File.ReadAllText(path), Facts) : null;
    }
}
