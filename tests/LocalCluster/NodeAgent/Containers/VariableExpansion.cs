using System.Text.RegularExpressions;

namespace LocalCluster.NodeAgents;

/// <summary>
/// Replaces <c>$(NAME)</c> by a variable's value, as Kubernetes does in env, command and args: an unknown name stays as it is, and <c>$$</c> is a
/// literal dollar sign.
/// </summary>
internal sealed partial class VariableExpansion(IReadOnlyDictionary<string, string> variables)
{
    public string Expand(string text) => Reference().Replace(text, match =>
        match.Value == "$$" ? "$" : variables.TryGetValue(match.Groups[1].Value, out var value) ? value : match.Value);

    [GeneratedRegex(@"\$\$|\$\(([^)]*)\)")]
    private static partial Regex Reference();
}
