using System.Text.Json;
using Leanserve.Contracts;

namespace Leanserve.Onnx.Writing;

/// <summary>Reads a <see cref="DecoderSpec"/> from a Llama-style <c>config.json</c>.</summary>
public static class DecoderSpecFile
{
    /// <exception cref="ModelLoadException">The file is missing, no JSON, or lacks a size; all that is missing is listed.</exception>
    public static DecoderSpec Read(string path)
    {
        var config = JsonFile.TryRead(path) ?? throw new ModelLoadException($"{path}: there is no such file.");
        List<string> missing = [];
        int hidden = Required(config, missing, "hidden_size");
        int heads = Required(config, missing, "num_attention_heads");
        var geometry = new ModelGeometry
        {
            Parameters = 0,
            Layers = Required(config, missing, "num_hidden_layers"),
            HiddenSize = hidden,
            AttentionHeads = heads,
            KeyValueHeads = (int?)Number(config, "num_key_value_heads") ?? heads,
            HeadSize = (int?)Number(config, "head_dim") ?? hidden / Math.Max(heads, 1),
            IntermediateSize = Required(config, missing, "intermediate_size"),
            VocabularySize = Required(config, missing, "vocab_size"),
            MaxContextTokens = Required(config, missing, "max_position_embeddings"),
        };
        if (missing.Count > 0)
        {
            throw new ModelLoadException($"{path}: {string.Join(", ", missing)} must be given as numbers.");
        }

        return new DecoderSpec
        {
            Geometry = geometry,
            RopeTheta = Number(config, "rope_theta") ?? 10_000,
            PartialRotaryFactor = Number(config, "partial_rotary_factor") ?? 1,
            RmsNormEpsilon = (float)(Number(config, "rms_norm_eps") ?? 1e-5),
            TieEmbeddings = config.TryGetProperty("tie_word_embeddings", out var tie) && tie.ValueKind == JsonValueKind.True,
        };
    }

    private static int Required(JsonElement config, List<string> missing, string name)
    {
        double? value = Number(config, name);
        if (value is null)
        {
            missing.Add(name);
        }

        return (int)Math.Min(value ?? 0, int.MaxValue);
    }

    private static double? Number(JsonElement config, string name) =>
        config.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
