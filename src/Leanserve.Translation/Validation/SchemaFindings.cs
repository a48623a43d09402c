using System.Text.Json.Nodes;

namespace Leanserve.Translation.Validation;

/// <summary>What a schema says about a value.</summary>
/// <param name="Violations">Every broken rule.</param>
/// <param name="Offending">The nodes whose values break a rule, so that a caller may go on without them.</param>
public sealed record SchemaFindings(IReadOnlyList<Violation> Violations, IReadOnlyList<JsonNode> Offending);
