using System.Text.Json;
using Leanserve.Engine.Grammars;

namespace Leanserve.Engine;

/// <summary>Makes formats for one model's vocabulary; the latest are kept, since the same ones are asked for again and again.</summary>
public sealed class OutputFormats(ITokenizer tokenizer)
{
    /// <summary>Longest schema, in characters.</summary>
    public const int MaxSchemaLength = 64 * 1024;

    private const int MaxKept = 32;

    private readonly Lazy<SpelledVocabulary> _vocabulary = new(() => new SpelledVocabulary(tokenizer));
    private readonly Lock _gate = new();
    private readonly LinkedList<(string Schema, OutputFormat Format)> _kept = [];

    /// <summary>Any JSON object.</summary>
    public OutputFormat? AnyObject(List<SchemaViolation> violations)
    {
        using var schema = JsonDocument.Parse("""{"type": "object"}""");
        return OfSchema(schema.RootElement, violations);
    }

    /// <summary>The documents that a JSON schema describes; null where it asks what answers cannot be held to, which is then noted.</summary>
    public OutputFormat? OfSchema(JsonElement schema, List<SchemaViolation> violations)
    {
        ArgumentNullException.ThrowIfNull(violations);
        string text = schema.GetRawText();
        if (text.Length > MaxSchemaLength)
        {
            violations.Add(new SchemaViolation(string.Empty, $"has {text.Length} characters; at most {MaxSchemaLength} are allowed"));
            return null;
        }

        lock (_gate)
        {
            if (_kept.FirstOrDefault(kept => kept.Schema == text) is { Format: { } known })
            {
                return known;
            }
        }

        var format = Build(schema, violations);
        if (format is not null)
        {
            Keep(text, format);
        }

        return format;
    }

    private OutputFormat? Build(JsonElement schema, List<SchemaViolation> violations)
    {
        int before = violations.Count;
        var builder = new GrammarBuilder(_vocabulary.Value.Alphabet);
        try
        {
            var start = new SchemaGrammar(builder, schema, violations).Build();
            builder.Complete();
            if (violations.Count == before && start.Start.Levels >= GrammarAutomaton.MaxDepth)
            {
                violations.Add(new SchemaViolation(string.Empty, "describes no document of finite size that this model's vocabulary can spell"));
            }

            return violations.Count == before ? new OutputFormat(_vocabulary.Value, start) : null;
        }
        catch (GrammarTooLargeException)
        {
            violations.Add(new SchemaViolation(
                string.Empty, $"needs more than {GrammarBuilder.MaxNodes} states; use fewer or shorter enumerations, lengths and lists"));
            return null;
        }
    }

    private void Keep(string schema, OutputFormat format)
    {
        lock (_gate)
        {
            _kept.AddFirst((schema, format));
            if (_kept.Count > MaxKept)
            {
                _kept.RemoveLast();
            }
        }
    }
}
