using System.Runtime.InteropServices;

namespace Leanserve.Server.OpenAi;

/// <summary>The answer of <c>/v1/embeddings</c>.</summary>
public sealed record EmbeddingListBody(string Object, IReadOnlyList<EmbeddingBody> Data, string Model, EmbeddingUsageBody Usage)
{
    public static EmbeddingListBody Of(string model, IReadOnlyList<float[]> vectors, bool asBase64, int tokens)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        return new EmbeddingListBody("list", [.. vectors.Select((vector, i) => Body(vector, i, asBase64))], model, new EmbeddingUsageBody(tokens, tokens));
    }

    private static EmbeddingBody Body(float[] vector, int index, bool asBase64) =>
        new("embedding", index, asBase64 ? Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector)) : vector);
}
