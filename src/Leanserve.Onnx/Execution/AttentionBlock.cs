namespace Leanserve.Onnx.Execution;

/// <summary>What one task of <see cref="PathAttentionKernel"/> works on: one cache head and some rows, each with the queries of its group.</summary>
internal unsafe struct AttentionBlock
{
    /// <summary>[slots, headSize].</summary>
    public float* Keys;

    /// <summary>[slots, headSize].</summary>
    public float* Values;

    /// <summary>[rows · group, headSize]: scaled queries, then the sums of values.</summary>
    public float* Queries;

    /// <summary>[rows · group, Stride] by position: scores, then weights.</summary>
    public float* Scores;

    /// <summary>[rows · group]: sums of a query's weights, by which its sum of values is still to be divided.</summary>
    public float* Totals;

    /// <summary>[headSize, KeyTile]: keys of the positions being scored.</summary>
    public float* TransposedKeys;

    /// <summary>[ValueTile, headSize]: values of the positions being added, where they do not lie side by side.</summary>
    public float* GatheredValues;

    /// <summary>A multiple of <see cref="Kernels.ProductTile.Width"/>.</summary>
    public int HeadSize;

    /// <summary>Query heads that share the cache head.</summary>
    public int Group;

    public int Stride;

    public float Scale;
}
