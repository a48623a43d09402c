namespace Leanserve.Contracts;

/// <summary>
/// Bytes of the KV cache. The planner predicts with this function and the engine allocates by it: the two cannot drift apart.
/// </summary>
public static class KvCacheMemory
{
    /// <summary>Bytes that one cached token takes over all layers, keys and values.</summary>
    /// <param name="geometry">The model's shape.</param>
    /// <param name="bytesPerElement">4 for f32 (CPU), 2 for f16 and bf16 (GPU).</param>
    public static long BytesPerToken(ModelGeometry geometry, int bytesPerElement)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytesPerElement is 2 or 4, true, nameof(bytesPerElement));
        return geometry.KeyValueElementsPerToken * bytesPerElement;
    }

    /// <summary>Bytes of a buffer of <paramref name="slots"/> token slots: what the engine allocates at start, once.</summary>
    public static long BufferBytes(ModelGeometry geometry, int bytesPerElement, long slots)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slots);
        return BytesPerToken(geometry, bytesPerElement) * slots;
    }
}
