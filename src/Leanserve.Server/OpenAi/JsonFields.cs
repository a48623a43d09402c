using System.Globalization;
using System.Text.Json;

namespace Leanserve.Server.OpenAi;

/// <summary>
/// Reads the members of one JSON object and notes every member that has the wrong type or range. A missing member and a null are the same: OpenAI's clients
/// send either.
/// </summary>
internal sealed class JsonFields(JsonElement element, string path, List<RequestViolation> violations)
{
    private const int MaxShownLength = 40;

    /// <summary>The member, or null where it is missing or null.</summary>
    public JsonElement? Element(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public double? Number(string name, double min, double max)
    {
        if (Element(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || !(number >= min && number <= max))
        {
            return Violate<double?>(name, value, string.Create(CultureInfo.InvariantCulture, $"it must be a number from {min} to {max}"));
        }

        return number;
    }

    public int? Integer(string name, int min, int max)
    {
        var number = Long(name, min, max);
        return number is null ? null : (int)number;
    }

    public long? Long(string name, long min, long max)
    {
        if (Element(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number) || number < min || number > max)
        {
            return Violate<long?>(name, value, $"it must be a whole number from {min} to {max}");
        }

        return number;
    }

    public bool? Boolean(string name)
    {
        return Element(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            { } value => Violate<bool?>(name, value, "it must be true or false"),
        };
    }

    public string? String(string name) => Element(name) is { } value ? Text(value, name) : null;

    /// <summary>The string that an element holds, or null and a violation.</summary>
    public string? Text(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return Violate<string?>(name, value, "it must be a string");
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // An escape such as \ud800 without its partner: no text.
            violations.Add(new RequestViolation(Full(name), $"{Full(name)} holds half of a surrogate pair; send valid Unicode."));
            return null;
        }
    }

    public void Add(string name, string rule) => violations.Add(new RequestViolation(Full(name), $"{Full(name)} {rule}."));

    public JsonFields Child(JsonElement child, string name) => new(child, Full(name), violations);

    public T? Violate<T>(string name, JsonElement value, string rule)
    {
        violations.Add(new RequestViolation(Full(name), $"{Full(name)} is {Shown(value)}; {rule}."));
        return default;
    }

    private string Full(string name) => path.Length == 0 ? name : name.Length == 0 ? path : $"{path}.{name}";

    // Prompts must not come back in errors, which get logged by clients: only short scalars are shown.
    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        _ => value.GetRawText() is { Length: <= MaxShownLength } text ? text : $"a number of {value.GetRawText().Length} characters",
    };
}
