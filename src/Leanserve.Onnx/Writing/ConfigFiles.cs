using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leanserve.Onnx.Writing;

/// <summary>Writes <c>config.json</c> and <c>genai_config.json</c> as the ONNX model builders do.</summary>
internal static class ConfigFiles
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(string directory, DecoderSpec spec, TokenizerSpec tokenizer)
    {
        int begin = tokenizer.IdOf(tokenizer.BeginToken);
        var ends = new JsonArray([.. tokenizer.EndTokens.Select(token => JsonValue.Create(tokenizer.IdOf(token)))]);
        File.WriteAllText(Path.Combine(directory, "config.json"), Config(spec, begin, ends).ToJsonString(Indented));
        File.WriteAllText(Path.Combine(directory, "genai_config.json"), GenAiConfig(spec, begin, ends.DeepClone()).ToJsonString(Indented));
    }

    private static JsonObject Config(DecoderSpec spec, int begin, JsonNode ends) => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["model_type"] = "llama",
        ["hidden_size"] = spec.Geometry.HiddenSize,
        ["intermediate_size"] = spec.Geometry.IntermediateSize,
        ["num_hidden_layers"] = spec.Geometry.Layers,
        ["num_attention_heads"] = spec.Geometry.AttentionHeads,
        ["num_key_value_heads"] = spec.Geometry.KeyValueHeads,
        ["head_dim"] = spec.Geometry.HeadSize,
        ["vocab_size"] = spec.Geometry.VocabularySize,
        ["max_position_embeddings"] = spec.Geometry.MaxContextTokens,
        ["rms_norm_eps"] = spec.RmsNormEpsilon,
        ["rope_theta"] = spec.RopeTheta,
        ["partial_rotary_factor"] = spec.PartialRotaryFactor,
        ["tie_word_embeddings"] = spec.TieEmbeddings,
        ["bos_token_id"] = begin,
        ["eos_token_id"] = ends,
    };

    private static JsonObject GenAiConfig(DecoderSpec spec, int begin, JsonNode ends) => new()
    {
        ["model"] = new JsonObject
        {
            ["type"] = "llama",
            ["bos_token_id"] = begin,
            ["eos_token_id"] = ends,
            ["context_length"] = spec.Geometry.MaxContextTokens,
            ["vocab_size"] = spec.Geometry.VocabularySize,
            ["decoder"] = new JsonObject
            {
                ["filename"] = "model.onnx",
                ["head_size"] = spec.Geometry.HeadSize,
                ["hidden_size"] = spec.Geometry.HiddenSize,
                ["num_attention_heads"] = spec.Geometry.AttentionHeads,
                ["num_hidden_layers"] = spec.Geometry.Layers,
                ["num_key_value_heads"] = spec.Geometry.KeyValueHeads,
                ["inputs"] = new JsonObject
                {
                    ["input_ids"] = TreeContract.InputIds,
                    ["position_ids"] = TreeContract.PositionIds,
                    ["past_key_names"] = "past_key_values.%d.key",
                    ["past_value_names"] = "past_key_values.%d.value",
                },
                ["outputs"] = new JsonObject
                {
                    ["logits"] = TreeContract.Logits,
                    ["present_key_names"] = "present.%d.key",
                    ["present_value_names"] = "present.%d.value",
                },
            },
        },
    };
}
