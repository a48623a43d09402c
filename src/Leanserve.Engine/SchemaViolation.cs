namespace Leanserve.Engine;

/// <summary>What a JSON schema asks and answers cannot be held to.</summary>
/// <param name="Path">Where in the schema, such as <c>properties.age.pattern</c>; empty for the whole.</param>
/// <param name="Rule">The rule and the remedy, to stand behind the path.</param>
public sealed record SchemaViolation(string Path, string Rule);
