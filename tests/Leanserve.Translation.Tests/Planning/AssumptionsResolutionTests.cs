using Leanserve.Api;
using Leanserve.Translation.Planning;

namespace Leanserve.Translation.Tests.Planning;

public sealed class AssumptionsResolutionTests
{
    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> Maps = new()
    {
        ["house"] = new Dictionary<string, string> { ["HorizonMonths"] = "36", ["BeamWidth"] = "6", ["DraftTokens"] = "5" },
        ["team"] = new Dictionary<string, string> { ["BeamWidth"] = "8" },
        ["wrong"] = new Dictionary<string, string> { ["beamwidth"] = "8", ["DraftTokens"] = "-1", ["PassageTokens"] = "128" },
    };

    [Fact]
    public void Resolve_LaterConfigMapsAndTheSpecsOwn_Win()
    {
        var found = Resolve("house", "team");
        Assert.Empty(found.Violations);
        Assert.Equal((24, 8, 5), (found.Values["HorizonMonths"], found.Values["BeamWidth"], found.Values["DraftTokens"]));
    }

    [Fact]
    public void Resolve_MissingMapsWrongKeysAndValues_AreAllToldAtOnce()
    {
        var found = Resolve("nowhere", "wrong");
        Assert.Collection(
            found.Violations.Select(violation => violation.ToString()),
            missing => Assert.StartsWith("spec.assumptionsFrom[0].configMapRef.name = \"nowhere\": there is no such ConfigMap", missing, StringComparison.Ordinal),
            value => Assert.StartsWith("ConfigMap wrong: data.DraftTokens = \"-1\": is not a non-negative decimal number. Write a number", value, StringComparison.Ordinal),
            key => Assert.Contains("data.beamwidth = \"8\": is not one of the planner's constants. Did you mean BeamWidth?", key, StringComparison.Ordinal));
        Assert.Equal(128, found.Values["PassageTokens"]);
    }

    private static AssumptionsResolution Resolve(params string[] names)
    {
        var spec = Manifests.Parse(Manifests.Full).Spec;
        spec.Assumptions = new Dictionary<string, string> { ["HorizonMonths"] = "24" };
        spec.AssumptionsFrom = [.. names.Select(name => new AssumptionsSourceSpec { ConfigMapRef = new LocalReference { Name = name } })];
        return AssumptionsResolution.Resolve(spec, Maps.GetValueOrDefault);
    }
}
