using System.Reflection;

namespace Architecture.Tests;

/// <summary>Dependencies point one way; each assembly may name only these others of ours, and only these native or cluster packages.</summary>
public sealed class DependencyRules
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Leanserve.Contracts"] = [],
        ["Leanserve.Api"] = ["Leanserve.Contracts"],
        ["Leanserve.Planner"] = ["Leanserve.Contracts"],
        ["Leanserve.Translation"] = ["Leanserve.Api", "Leanserve.Planner", "Leanserve.Contracts"],
        ["Leanserve.Controllers"] = [],
        ["leanserve-operator"] = ["Leanserve.Translation", "Leanserve.Controllers", "Leanserve.Planner", "Leanserve.Api", "Leanserve.Contracts"],
        ["Leanserve.Engine"] = ["Leanserve.Contracts"],
        ["Leanserve.Onnx"] = ["Leanserve.Engine", "Leanserve.Contracts"],
        ["leanserve-server"] = ["Leanserve.Engine", "Leanserve.Onnx", "Leanserve.Contracts"],
        ["leanserve"] = ["Leanserve.Api", "Leanserve.Translation", "Leanserve.Planner", "Leanserve.Onnx", "Leanserve.Engine", "Leanserve.Contracts"],
    };

    private static readonly Dictionary<string, string[]> PackagesKeptTo = new()
    {
        ["Microsoft.ML.OnnxRuntime"] = ["Leanserve.Onnx"],
        ["Google.Protobuf"] = ["Leanserve.Onnx"],
        ["KubernetesClient"] = ["Leanserve.Api", "Leanserve.Translation", "Leanserve.Controllers", "leanserve-operator", "leanserve"],
    };

    public static TheoryData<string> Assemblies => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Assembly_NamesAnotherOfOurs_OnlyWhereTheRulesAllow(string name)
    {
        var ours = References(name).Where(r => r.StartsWith("Leanserve.", StringComparison.Ordinal) || r.StartsWith("leanserve", StringComparison.Ordinal));
        Assert.Empty(ours.Except(Allowed[name]));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Assembly_NamesAKeptPackage_OnlyWhereTheRulesAllow(string name)
    {
        var kept = References(name).Where(r => PackagesKeptTo.TryGetValue(Root(r), out var owners) && !owners.Contains(name));
        Assert.Empty(kept);
    }

    [Fact]
    public void Rules_Cover_EveryAssemblyOfOurs()
    {
        var built = Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(n => n.StartsWith("leanserve", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), built.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> References(string name) =>
        Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, $"{name}.dll")).GetReferencedAssemblies().Select(a => a.Name!);

    private static string Root(string reference) => PackagesKeptTo.Keys.FirstOrDefault(k => reference.StartsWith(k, StringComparison.Ordinal)) ?? reference;
}
