using System.Collections.Frozen;

namespace Leanserve.Engine.Grammars;

/// <summary>The keywords of JSON Schema that answers are held to, and those that ask for nothing.</summary>
internal static class SchemaKeywords
{
    /// <summary>Notes for readers.</summary>
    public static FrozenSet<string> Notes { get; } = Set(
        "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$schema", "$id", "$comment", "$defs", "definitions");

    /// <summary>Beside <c>enum</c> and <c>const</c>, which list the values.</summary>
    public static FrozenSet<string> Listed { get; } = Set("enum", "const", "type");

    /// <summary>All others.</summary>
    public static FrozenSet<string> Shapes { get; } = Set(
        "type", "properties", "required", "additionalProperties", "items", "minItems", "maxItems", "minLength", "maxLength",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");

    private static FrozenSet<string> Set(params string[] keywords) => keywords.ToFrozenSet(StringComparer.Ordinal);
}
