using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>Counts over a Llama-style decoder's weights.</summary>
public static class ModelShape
{
    /// <summary>Weights that a decode step multiplies by: all layers' matrices and the output head, but not the embedding table, of which it reads one row.</summary>
    public static double MatrixWeights(ModelGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        double hidden = geometry.HiddenSize;
        double queries = (double)geometry.AttentionHeads * geometry.HeadSize;
        double keys = (double)geometry.KeyValueHeads * geometry.HeadSize;
        var layer = (2 * hidden * queries) + (2 * hidden * keys) + (3 * hidden * geometry.IntermediateSize);
        return Math.Min((geometry.Layers * layer) + (hidden * geometry.VocabularySize), geometry.Parameters);
    }

    /// <summary>Weights of the output head, which is needed only where a token is to be drawn.</summary>
    public static double HeadWeights(ModelGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        return Math.Min((double)geometry.HiddenSize * geometry.VocabularySize, geometry.Parameters / 2.0);
    }

    /// <summary>
    /// Bytes of the weights in memory at a precision. Quantised matrices carry one scale a block in the activations' type; embeddings and norms stay in
    /// that type, and a head that is tied to the embeddings is quantised as a copy of its own.
    /// </summary>
    public static long WeightsBytes(ModelGeometry geometry, WeightPrecision precision, int activationBytes)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        if (precision is not (WeightPrecision.Int4 or WeightPrecision.Int8))
        {
            return (long)(geometry.Parameters * precision.BitsPerWeight() / 8);
        }

        var matrices = MatrixWeights(geometry);
        var unquantised = geometry.Parameters - matrices;
        var embeddings = (double)geometry.HiddenSize * geometry.VocabularySize;

        // Counts are often stated rounded, so only a table that is clearly missing is a tied one.
        if (unquantised < embeddings / 2)
        {
            unquantised += embeddings;
        }

        var bytesPerWeight = (precision is WeightPrecision.Int4 ? 0.5 : 1) + ((double)activationBytes / WeightPrecisionSize.QuantizationBlock);
        return (long)((matrices * bytesPerWeight) + (unquantised * activationBytes));
    }
}
