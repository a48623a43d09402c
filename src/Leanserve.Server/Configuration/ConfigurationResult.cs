using Leanserve.Contracts;

namespace Leanserve.Server.Configuration;

/// <summary>A configuration that obeys every rule, or all the rules it breaks.</summary>
/// <param name="Config">The configuration, where there are no violations.</param>
/// <param name="Violations">One sentence for each broken rule: the member, the offending value, the rule.</param>
public sealed record ConfigurationResult(RuntimeConfig? Config, IReadOnlyList<string> Violations);
