using System.Text.Json;
using Leanserve.Contracts;

namespace Leanserve.Onnx;

/// <summary>What <c>config.json</c> and <c>genai_config.json</c> say of a model.</summary>
internal sealed record ModelConfigFile
{
    /// <summary>The model file within the folder.</summary>
    public required string ModelFile { get; init; }

    /// <summary>Shape; parameters are counted from the model file later.</summary>
    public required ModelGeometry Geometry { get; init; }

    public int? BeginToken { get; init; }

    public required IReadOnlySet<int> EndTokens { get; init; }

    /// <exception cref="ModelLoadException">Both files are missing, one is no JSON, or a needed size is in neither.</exception>
    public static ModelConfigFile Read(string directory)
    {
        string configPath = Path.Combine(directory, "config.json");
        string genAiPath = Path.Combine(directory, "genai_config.json");
        var config = JsonFile.TryRead(configPath);
        var genAi = JsonFile.TryRead(genAiPath);
        if (config is null && genAi is null)
        {
            throw new ModelLoadException($"{directory}: neither config.json nor genai_config.json is there; export the model together with one of them.");
        }

        var model = Find(genAi, "model");
        var decoder = Find(model, "decoder");
        var reader = new SizeReader(directory, config, decoder, model);
        int heads = reader.Required("num_attention_heads");
        int hidden = reader.Required("hidden_size");
        var geometry = new ModelGeometry
        {
            Parameters = 0,
            Layers = reader.Required("num_hidden_layers"),
            HiddenSize = hidden,
            AttentionHeads = heads,
            KeyValueHeads = reader.Optional("num_key_value_heads") ?? heads,
            HeadSize = reader.Optional("head_dim", "head_size") ?? hidden / heads,
            IntermediateSize = reader.Optional("intermediate_size") ?? 4 * hidden,
            VocabularySize = reader.Required("vocab_size"),
            MaxContextTokens = reader.Required("max_position_embeddings", "context_length"),
        };
        string? fileName = Find(decoder, "filename")?.GetString();
        return new ModelConfigFile
        {
            ModelFile = fileName ?? "model.onnx",
            Geometry = geometry,
            BeginToken = reader.Optional("bos_token_id"),
            EndTokens = EndTokensOf(config, model, JsonFile.TryRead(Path.Combine(directory, "generation_config.json"))),
        };
    }

    private static HashSet<int> EndTokensOf(params JsonElement?[] sources)
    {
        HashSet<int> ends = [];
        foreach (var source in sources)
        {
            var value = Find(source, "eos_token_id");
            if (value?.ValueKind == JsonValueKind.Number)
            {
                ends.Add(value.Value.GetInt32());
            }
            else if (value?.ValueKind == JsonValueKind.Array)
            {
                ends.UnionWith(value.Value.EnumerateArray().Select(token => token.GetInt32()));
            }
        }

        return ends;
    }

    private static JsonElement? Find(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var value) ? value : null;

    /// <summary>Looks a size up in each source in turn.</summary>
    private sealed class SizeReader(string directory, params JsonElement?[] sources)
    {
        public int? Optional(params string[] names)
        {
            foreach (var source in sources)
            {
                foreach (string name in names)
                {
                    var value = Find(source, name);
                    if (value?.ValueKind == JsonValueKind.Number)
                    {
                        return value.Value.TryGetInt32(out int size)
                            ? size
                            : throw new ModelLoadException($"{directory}: {name} is {value.Value.GetRawText()}, which is no size.");
                    }
                }
            }

            return null;
        }

        public int Required(params string[] names)
        {
            int size = Optional(names)
                ?? throw new ModelLoadException($"{directory}: {string.Join(" or ", names)} is in neither config.json nor genai_config.json; add it.");
            return size > 0 ? size : throw new ModelLoadException($"{directory}: {names[0]} is {size}; it must be at least 1.");
        }
    }
}
