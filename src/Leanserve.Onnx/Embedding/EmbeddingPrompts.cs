using System.Text.Json;
using Leanserve.Engine.Knowledge;

namespace Leanserve.Onnx.Embedding;

/// <summary>What a model wants written before questions and documents, from <c>config_sentence_transformers.json</c>; empty where it wants nothing.</summary>
internal sealed record EmbeddingPrompts(string Query, string Document)
{
    public string Of(EmbeddingUse use) => use switch
    {
        EmbeddingUse.Query => Query,
        EmbeddingUse.Document => Document,
        _ => "",
    };

    public static EmbeddingPrompts Read(string directory)
    {
        var config = JsonFile.TryRead(Path.Combine(directory, "config_sentence_transformers.json"));
        return config is { } root && root.TryGetProperty("prompts", out var prompts) && prompts.ValueKind == JsonValueKind.Object
            ? new EmbeddingPrompts(Text(prompts, "query"), Text(prompts, "document", "passage"))
            : new EmbeddingPrompts("", "");
    }

    private static string Text(JsonElement prompts, params string[] names) => names
        .Select(name => prompts.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null)
        .FirstOrDefault(text => text is not null) ?? "";
}
