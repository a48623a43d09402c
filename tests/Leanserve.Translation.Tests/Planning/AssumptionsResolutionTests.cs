using Leanserve.Api;
using Leanserve.Api.Schema;
using Leanserve.Planner;
using Leanserve.Translation.Planning;
using Leanserve.Translation.Validation;

namespace Leanserve.Translation.Tests.Planning;

public sealed class AssumptionsResolutionTests
{
    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> Maps = new()
    {
        ["house"] = new Dictionary<string, string> { ["HorizonMonths"] = "36", ["BeamWidth"] = "6", ["DraftTokens"] = "5" },
        ["team"] = new Dictionary<string, string> { ["BeamWidth"] = "8" },
        ["beyond"] = new Dictionary<string, string> { ["HorizonMonths"] = "0", ["MaxQueuedRequests"] = "99999999999999999999\n", ["BeamWidth"] = "2.5", ["QualityRag"] = " 0.9\n" },
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
            value => Assert.StartsWith("ConfigMap wrong: data.DraftTokens = \"-1\": must be a whole number from 1 to 64. Write such a number, or remove it to keep the documented 4", value, StringComparison.Ordinal),
            key => Assert.Contains("data.beamwidth = \"8\": is not one of the planner's constants. Did you mean BeamWidth?", key, StringComparison.Ordinal));
        Assert.Equal(128, found.Values["PassageTokens"]);
    }

    [Fact]
    public void Resolve_ValuesBeyondTheirBounds_AreToldWithTheBoundAndTheRemedy()
    {
        var found = Resolve("beyond");
        Assert.Equal(
            [
                "ConfigMap beyond: data.BeamWidth = \"2.5\": must be a whole number from 2 to 64. Write such a number, or remove it to keep the documented 4.",
                "ConfigMap beyond: data.HorizonMonths = \"0\": must be a number from 1 to 600. Write such a number, or remove it to keep the documented 12.",
                "ConfigMap beyond: data.MaxQueuedRequests = \"99999999999999999999\": must be a whole number from 0 to 10000. Write such a number, or remove it to keep the documented 64.",
            ],
            found.Violations.Select(violation => violation.ToString()));
        Assert.Equal(0.9, found.Values["QualityRag"]);
    }

    [Fact]
    public void Bounds_OfEveryConstant_CanBeWrittenInAResource() => Assert.All(PlannerConstants.Documented, constant =>
    {
        var texts = constant.Range.Split(' ').Where(word => char.IsAsciiDigit(word[0])).Append(constant.DefaultText).ToList();
        Assert.Equal(3, texts.Count);
        Assert.All(texts, text => Assert.Matches(DecimalStringAttribute.Pattern, text));
        Assert.All(texts, text => Assert.Null(AssumptionRules.Check("spec", constant.Name.ToString(), text)));
    });

    private static AssumptionsResolution Resolve(params string[] names)
    {
        var spec = Manifests.Parse(Manifests.Full).Spec;
        spec.Assumptions = new Dictionary<string, string> { ["HorizonMonths"] = "24" };
        spec.AssumptionsFrom = [.. names.Select(name => new AssumptionsSourceSpec { ConfigMapRef = new LocalReference { Name = name } })];
        return AssumptionsResolution.Resolve(spec, Maps.GetValueOrDefault);
    }
}
