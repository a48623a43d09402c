using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Json.Schema;
using Leanserve.Engine.Decoding;
using Leanserve.Engine.Grammars;
using Leanserve.Engine.Tests.Support;

namespace Leanserve.Engine.Tests;

public sealed class OutputFormatTests
{
    private const int MaxTokens = 400;

    private static readonly ByteTokenizer Tokenizer = new();

    private readonly OutputFormats _formats = new(Tokenizer);

    [Fact]
    public void Format_RandomSchemasAndLogits_EveryCompleteAnswerParsesAndIsValid()
    {
        int complete = 0;
        Gen.Select(RandomSchema.Any, Gen.ULong, Gen.Bool).Sample(
            (schema, seed, greedy) =>
            {
                if (Write(Compile(schema.ToJsonString()), seed, greedy) is not { } text)
                {
                    return;
                }

                complete++;
                var result = JsonSchema.FromText(schema.ToJsonString()).Evaluate(JsonNode.Parse(text));
                Assert.True(result.IsValid, $"{text} against {schema.ToJsonString()}");
            },
            iter: 400,
            threads: 1);
        Assert.InRange(complete, 200, int.MaxValue);
    }

    [Fact]
    public void Format_RandomSchemas_LeaveATokenOpenAtEveryStep() => Gen.Select(RandomSchema.Any, Gen.ULong).Sample(
        (schema, seed) => Write(Compile(schema.ToJsonString()), seed, greedy: false), iter: 100, threads: 1);

    [Theory]
    [InlineData("""{"type":"integer","minimum":7,"maximum":123}""", 6, false)]
    [InlineData("""{"type":"integer","minimum":7,"maximum":123}""", 7, true)]
    [InlineData("""{"type":"integer","minimum":7,"maximum":123}""", 123, true)]
    [InlineData("""{"type":"integer","minimum":7,"maximum":123}""", 124, false)]
    [InlineData("""{"type":"integer","minimum":-12,"maximum":-3}""", -3, true)]
    [InlineData("""{"type":"integer","minimum":-12,"maximum":-3}""", -13, false)]
    [InlineData("""{"type":"integer","exclusiveMinimum":0}""", 0, false)]
    [InlineData("""{"type":"number","minimum":0.25,"maximum":0.5}""", 0.25, true)]
    [InlineData("""{"type":"number","minimum":0.25,"exclusiveMaximum":0.5}""", 0.5, false)]
    [InlineData("""{"type":"number","minimum":0.25,"exclusiveMaximum":0.5}""", 0.4999, true)]
    [InlineData("""{"type":"number","minimum":-1.5,"maximum":2.5}""", -1.25, true)]
    public void Format_NumberNearItsBounds_IsAllowedExactlyWithin(string schema, double number, bool allowed) =>
        Assert.Equal(allowed, Accepts(schema, number.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Format_IntegerRange_AllowsExactlyItsMembers() => Gen.Select(Gen.Int[-1500, 1500], Gen.Int[0, 1500]).Sample(
        (low, width) =>
        {
            string schema = $$"""{"type":"integer","minimum":{{low}},"maximum":{{low + width}}}""";
            int[] probes = [low - 1, low, low + (width / 2), low + width, low + width + 1, 0, -low, 10 * low];
            Assert.All(probes, probe => Assert.Equal(probe >= low && probe <= low + width, Accepts(schema, $"{probe}")));
        },
        iter: 60,
        threads: 1);

    [Theory]
    [InlineData("\"a\\u00e9b\"", true)]
    [InlineData("\"\\ud83d\\ude00ab\"", true)]
    [InlineData("\"\\ud83d\"", false)]
    [InlineData("\"\\udc00\"", false)]
    [InlineData("\"😀日é\"", true)]
    [InlineData("\"abcd\"", false)]
    [InlineData("\"ab", false)]
    [InlineData("\"a\nb\"", false)]
    public void Format_Strings_CountCharactersAsJsonDoes(string text, bool allowed) =>
        Assert.Equal(allowed, Accepts("""{"type":"string","maxLength":3}""", text));

    [Fact]
    public void Format_RecursiveSchema_NestsUpToABoundAndAlwaysEnds()
    {
        const string Schema = """{"$defs":{"node":{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}},"required":["next"]}},"$ref":"#/$defs/node"}""";
        string Nested(int depth) => depth == 0 ? "null" : $$"""{"next":{{Nested(depth - 1)}}}""";
        Assert.True(Accepts(Schema, Nested(10)));
        Assert.False(Accepts(Schema, Nested(80)));
        var format = Compile(Schema);

        // Always the deepest way: the bound must close it before no way back is left.
        Assert.NotNull(WriteBy(format, (state, logits) =>
        {
            logits['{'] = 5;
            foreach (int token in Enumerable.Range(0, logits.Length).Where(token => Tokenizer.TokenBytes(token) is [(byte)' ' or (byte)'\n' or (byte)'\t', ..]))
            {
                logits[token] = -5;
            }
        }));
    }

    [Theory]
    [InlineData("""{"type":"string","pattern":"^a"}""", "pattern")]
    [InlineData("""{"type":"object","properties":{"when":{"type":"string","format":"date"}}}""", "properties.when.format")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","uniqueItems":true}}}""", "properties.a.uniqueItems")]
    [InlineData("""{"type":"number","multipleOf":5}""", "multipleOf")]
    [InlineData("""{"anyOf":[{"type":"string"},{"not":{}}]}""", "anyOf[1].not")]
    [InlineData("""{"type":"text"}""", "type")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "$ref")]
    [InlineData("""{"$ref":"https://example.org/schema"}""", "$ref")]
    [InlineData("""{"type":"string","minLength":5,"maxLength":2}""", "minLength")]
    [InlineData("""{"type":"string","maxLength":-1}""", "maxLength")]
    [InlineData("""{"type":"object","properties":{"a":{}},"required":["b"]}""", "required")]
    [InlineData("""{"$defs":{"a":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}""", "")]
    [InlineData("""{"type":"integer","minimum":5,"maximum":4}""", "")]
    [InlineData("false", "")]
    [InlineData("7", "")]
    public void Compile_WhatCannotBePromised_IsRefusedByItsPath(string schema, string path)
    {
        List<SchemaViolation> violations = [];
        using var document = JsonDocument.Parse(schema);
        Assert.Null(_formats.OfSchema(document.RootElement, violations));
        Assert.Contains(violations, violation => violation.Path == path);
    }

    [Fact]
    public void Compile_TooManyStates_IsRefused()
    {
        var properties = new JsonObject();
        for (int i = 0; i < 40; i++)
        {
            properties[$"p{i}"] = new JsonObject { ["type"] = "string", ["minLength"] = 4_000 };
        }

        List<SchemaViolation> violations = [];
        using var document = JsonDocument.Parse(new JsonObject { ["properties"] = properties }.ToJsonString());
        Assert.Null(_formats.OfSchema(document.RootElement, violations));
        Assert.Contains("states", violations[0].Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"any\": 1,\"name\": 2}", true)]
    [InlineData("{\"any\":\"1\"}", false)]
    public void Format_MembersNamedByTheModel_HaveTheirSchema(string text, bool allowed) =>
        Assert.Equal(allowed, Accepts("""{"type":"object","additionalProperties":{"type":"integer"}}""", text));

    [Fact]
    public void Format_WhiteSpace_IsBounded()
    {
        Assert.True(Accepts("""{"type":"object","properties":{"a":{"type":"null"}},"required":["a"]}""", "{\n  \"a\": null\n}"));
        Assert.False(Accepts("""{"type":"object","properties":{"a":{"type":"null"}},"required":["a"]}""", "{  \"a\": null}"));
    }

    private OutputFormat Compile(string schema)
    {
        List<SchemaViolation> violations = [];
        using var document = JsonDocument.Parse(schema);
        var format = _formats.OfSchema(document.RootElement, violations);
        Assert.Empty(violations);
        return format!;
    }

    private bool Accepts(string schema, string text)
    {
        var format = Compile(schema);
        var state = format.Start;
        foreach (int token in Tokenizer.Encode(text))
        {
            var logits = new float[Tokenizer.VocabularySize];
            format.Restrict(state, logits, Tokenizer.EndTokens);
            if (float.IsNegativeInfinity(logits[token]))
            {
                return false;
            }

            state = format.Read(state, Tokenizer.TokenBytes(token));
        }

        return state.IsComplete;
    }

    private static string? Write(OutputFormat format, ulong seed, bool greedy)
    {
        var random = new Random((int)(seed % int.MaxValue));
        var sampler = new TokenSampler(new SamplingOptions { Temperature = greedy ? 0 : 1, TopP = 0.95f }, [], seed, 0);
        var reader = new FormatReader(format, Tokenizer, Tokenizer.EndTokens);
        int position = 0;
        return WriteBy(format, draw: state =>
        {
            // A model that likes to end what it has begun, or else random schemas nest without end.
            float[] logits = [.. Enumerable.Range(0, Tokenizer.VocabularySize).Select(token => (random.NextSingle() * 4) + ("}]\"".Contains((char)token, StringComparison.Ordinal) ? 4 : 0))];
            return sampler.Draw(logits, position++, reader, state);
        });
    }

    private static string? WriteBy(OutputFormat format, Action<GrammarState, float[]> bias) => WriteBy(format, state =>
    {
        var logits = new float[Tokenizer.VocabularySize];
        bias(state, logits);
        format.Restrict(state, logits, Tokenizer.EndTokens);
        return System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(logits);
    });

    /// <summary>The answer, or null where it is not complete after the most tokens.</summary>
    private static string? WriteBy(OutputFormat format, Func<GrammarState, int> draw)
    {
        List<int> tokens = [];
        var state = format.Start;
        while (tokens.Count < MaxTokens && !state.IsFinal)
        {
            int token = draw(state);
            if (token == Tokenizer.End)
            {
                Assert.True(state.IsComplete);
                return Tokenizer.Decode(tokens);
            }

            tokens.Add(token);
            state = format.Read(state, Tokenizer.TokenBytes(token));
        }

        return state.IsFinal ? Tokenizer.Decode(tokens) : null;
    }
}
