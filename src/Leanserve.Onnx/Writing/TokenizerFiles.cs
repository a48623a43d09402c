using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Leanserve.Onnx.Writing;

/// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c> in Hugging Face's format.</summary>
internal static class TokenizerFiles
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string directory, TokenizerSpec spec)
    {
        var vocabulary = spec.Vocabulary;
        int firstSpecial = vocabulary.Count - spec.SpecialTokens.Count;
        File.WriteAllText(Path.Combine(directory, "tokenizer.json"), Tokenizer(spec, vocabulary, firstSpecial).ToJsonString(Indented));
        var config = new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["bos_token"] = spec.BeginToken,
            ["eos_token"] = spec.EndTokens[0],
            ["chat_template"] = spec.ChatTemplate,
        };
        File.WriteAllText(Path.Combine(directory, "tokenizer_config.json"), config.ToJsonString(Indented));
    }

    private static JsonObject Tokenizer(TokenizerSpec spec, IReadOnlyList<string> vocabulary, int firstSpecial)
    {
        var ids = new JsonObject();
        for (int id = 0; id < firstSpecial; id++)
        {
            ids[vocabulary[id]] = id;
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray([.. spec.SpecialTokens.Select((token, index) => Added(token, firstSpecial + index))]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = ByteLevelStep(),
            ["post_processor"] = null,
            ["decoder"] = ByteLevelStep(),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = false,
                ["vocab"] = ids,
                ["merges"] = new JsonArray([.. spec.Merges.Select(merge => new JsonArray(merge.Left, merge.Right))]),
            },
        };
    }

    private static JsonObject ByteLevelStep() => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = false,
        ["trim_offsets"] = true,
        ["use_regex"] = true,
    };

    private static JsonObject Added(string token, int id) => new()
    {
        ["id"] = id,
        ["content"] = token,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };
}
