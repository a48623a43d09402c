using System.Text.Json;
using Leanserve.Engine.Knowledge;

namespace Leanserve.Server.OpenAi;

/// <summary>Reads <see cref="EmbeddingRequest"/>.</summary>
internal sealed class EmbeddingRequestReader(IEmbedder embedder)
{
    /// <summary>Most texts of one request, as in OpenAI's API.</summary>
    private const int MaxInputs = 2048;

    private const string Input = "input";

    public EmbeddingRequest Read(JsonElement body, List<RequestViolation> violations)
    {
        var fields = new JsonFields(body, "", violations);
        if (fields.Element("model") is null)
        {
            fields.Add("model", "is missing; send the embedding model's name");
        }

        var model = fields.String("model") ?? "";
        var format = fields.String("encoding_format") ?? "float";
        if (format is not ("float" or "base64"))
        {
            fields.Add("encoding_format", "is neither float nor base64; send one of the two");
        }

        // Cutting vectors short is of use with models that were trained for it only, and nothing in a folder says which are.
        if (fields.Integer("dimensions", 1, int.MaxValue) is { } dimensions && dimensions != embedder.Dimensions)
        {
            fields.Add("dimensions", $"is {dimensions}, but this model's vectors have {embedder.Dimensions}; leave it out");
        }

        return new EmbeddingRequest(model, fields.Element(Input) is { } input ? Inputs(input, fields) : Missing(fields), format == "base64");
    }

    private List<IReadOnlyList<int>> Inputs(JsonElement input, JsonFields fields)
    {
        var isOne = input.ValueKind == JsonValueKind.String || (input.ValueKind == JsonValueKind.Array && input.GetArrayLength() > 0 && input[0].ValueKind == JsonValueKind.Number);
        if (!isOne && input.ValueKind != JsonValueKind.Array)
        {
            fields.Violate<object>(Input, input, "it must be a string, an array of strings, or arrays of token ids");
            return [];
        }

        JsonElement[] items = isOne ? [input] : [.. input.EnumerateArray()];
        if (items.Length is 0 or > MaxInputs)
        {
            fields.Add(Input, $"has {items.Length} texts; send 1 to {MaxInputs}");
            return [];
        }

        return [.. items.Select((item, i) => Tokens(item, isOne ? Input : $"{Input}[{i}]", fields))];
    }

    private IReadOnlyList<int> Tokens(JsonElement item, string name, JsonFields fields)
    {
        var tokens = item.ValueKind == JsonValueKind.Array ? Ids(item, name, fields)
            : fields.Text(item, name) is not { } text ? null
            : text.Length == 0 ? Empty(name, fields)
            : embedder.Tokenize(text, EmbeddingUse.Text);
        if (tokens?.Count > embedder.MaxTokens)
        {
            fields.Add(name, $"has {tokens.Count} tokens, more than the {embedder.MaxTokens} that the model reads; send shorter pieces");
        }

        return tokens ?? [];
    }

    private List<int>? Ids(JsonElement item, string name, JsonFields fields)
    {
        var ids = new List<int>(item.GetArrayLength());
        foreach (var token in item.EnumerateArray())
        {
            if (token.ValueKind != JsonValueKind.Number || !token.TryGetInt32(out var id) || id < 0 || id >= embedder.VocabularySize)
            {
                fields.Violate<object>(name, token, $"token ids are whole numbers from 0 to {embedder.VocabularySize - 1}");
                return null;
            }

            ids.Add(id);
        }

        return ids.Count > 0 ? ids : Empty(name, fields);
    }

    private static List<int>? Empty(string name, JsonFields fields)
    {
        fields.Add(name, "is empty; send some text");
        return null;
    }

    private static List<IReadOnlyList<int>> Missing(JsonFields fields)
    {
        fields.Add(Input, "is missing; send a string or an array of strings");
        return [];
    }
}
