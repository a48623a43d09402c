using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Leanserve.Api.Schema;

namespace Leanserve.Translation.Validation;

/// <summary>The rules of a schema for numbers, strings and booleans.</summary>
internal static class SchemaScalar
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new();

    public static bool IsInteger(JsonNode value) =>
        decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && decimal.Truncate(number) == number;

    public static bool HasType(JsonNode value, string? type) => (type, value.GetValueKind()) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => IsInteger(value),
        _ => false,
    };

    public static string TypeName(string? type) => type switch
    {
        "object" => "a map of fields",
        "array" => "a list",
        "integer" => "an integer",
        _ => $"a {type}",
    };

    public static string TypeRemedy(JsonNode value, string? type) => (type, value.GetValueKind()) switch
    {
        ("string", JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) => $"Write it in quotes: \"{value.ToJsonString()}\"",
        ("integer", JsonValueKind.String) => "Write a whole number without quotes",
        ("integer", JsonValueKind.Number) => "Write a whole number",
        ("array", _) => "Begin each item with '- '",
        _ => $"Write {TypeName(type)}",
    };

    /// <summary>Enum, range, length and pattern of a value of the right type.</summary>
    public static IEnumerable<Violation> Bounds(JsonNode value, JsonObject schema, string path)
    {
        if (schema["enum"] is JsonArray allowed && !allowed.Any(choice => JsonNode.DeepEquals(choice, value)))
        {
            var choices = string.Join(", ", allowed.Select(choice => choice!.ToString()));
            yield return new Violation(path, Shown.Of(value), "is not one of the allowed values", $"Write one of {choices}");
        }

        if (value.GetValueKind() == JsonValueKind.Number)
        {
            foreach (var violation in Range(value, schema, path))
            {
                yield return violation;
            }
        }
        else if (value.GetValueKind() == JsonValueKind.String)
        {
            foreach (var violation in Text(value.GetValue<string>(), schema, path))
            {
                yield return violation;
            }
        }
    }

    /// <summary>Length and pattern of a text.</summary>
    public static IEnumerable<Violation> Text(string text, JsonObject schema, string path)
    {
        // The API server counts Unicode code points.
        var length = text.EnumerateRunes().Count();
        if (schema["minLength"] is { } least && length < least.GetValue<long>())
        {
            yield return new Violation(path, Shown.Text(text), $"is shorter than {least} characters", "Write a longer text");
        }
        else if (schema["maxLength"] is { } most && length > most.GetValue<long>())
        {
            yield return new Violation(path, Shown.Text(text), $"has {length} characters; at most {most} are allowed", "Shorten it");
        }
        else if ((string?)schema["pattern"] is { } pattern && !Matches(text, pattern))
        {
            yield return new Violation(path, Shown.Text(text), PatternRule(pattern), PatternRemedy(pattern));
        }
    }

    private static IEnumerable<Violation> Range(JsonNode value, JsonObject schema, string path)
    {
        var number = decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
        var least = schema["minimum"]?.GetValue<long>() ?? ((string?)schema["format"] == "int32" ? int.MinValue : long.MinValue);
        var most = schema["maximum"]?.GetValue<long>() ?? ((string?)schema["format"] == "int32" ? int.MaxValue : long.MaxValue);
        if (number < least || number > most)
        {
            yield return new Violation(path, Shown.Of(value), $"must lie between {least} and {most}", "Write a number in this range");
        }
    }

    private static bool Matches(string text, string pattern) =>
        Patterns.GetOrAdd(pattern, expression => new Regex(EndsWithText(expression), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, LongestMatch)).IsMatch(text);

    // In Go, whose patterns these are, a final $ does not match before a trailing line feed.
    private static string EndsWithText(string pattern) => pattern.EndsWith('$') ? $@"{pattern[..^1]}\z" : pattern;

    private static string PatternRule(string pattern) => pattern switch
    {
        DecimalStringAttribute.Pattern => "is not a non-negative decimal number",
        QuantityAttribute.Pattern => "is not a quantity",
        _ => $"does not match {pattern}",
    };

    private static string PatternRemedy(string pattern) => pattern switch
    {
        DecimalStringAttribute.Pattern => "Write a number such as \"2\" or \"0.25\": at most nine digits before the point and six behind it",
        QuantityAttribute.Pattern => "Write a number with a unit, such as 24Gi or 500M",
        _ => "Write a text that matches",
    };
}
