using Leanserve.Contracts;

namespace Leanserve.Onnx.Writing;

/// <summary>Everything that fixes a Llama-style decoder but its weights.</summary>
public sealed record DecoderSpec
{
    /// <summary>Shape; <see cref="ModelGeometry.Parameters"/> is ignored, since the rest implies it.</summary>
    public required ModelGeometry Geometry { get; init; }

    /// <summary>
    /// How matrices are stored: <see cref="WeightPrecision.Float32"/>, <see cref="WeightPrecision.Float16"/> or <see cref="WeightPrecision.Int4"/> (blocks of 32;
    /// embeddings and norms in the type of the activations).
    /// </summary>
    public WeightPrecision Precision { get; init; } = WeightPrecision.Float32;

    /// <summary>Whether activations and KV cache take 16 bits beside 4-bit weights, as in models exported for GPUs.</summary>
    public bool HasHalfActivations { get; init; }

    /// <summary>Base of the rotary frequencies.</summary>
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>Part of each head that is rotated; the rest carries content without position. Above 0, at most 1.</summary>
    public double PartialRotaryFactor { get; init; } = 1;

    public float RmsNormEpsilon { get; init; } = 1e-5f;

    /// <summary>Whether the output head reads the embedding matrix.</summary>
    public bool TieEmbeddings { get; init; }

    /// <summary>Rotated elements of each head.</summary>
    public int RotaryDimensions => (int)(Geometry.HeadSize * PartialRotaryFactor);

    /// <summary>Whether all but 4-bit weights is f16.</summary>
    public bool IsHalf => HasHalfActivations || Precision is WeightPrecision.Float16;

    /// <summary>Weights in all, embeddings and output head included.</summary>
    public long CountParameters()
    {
        var g = Geometry;
        long attention = (long)g.HiddenSize * g.HeadSize * ((2 * g.AttentionHeads) + (2 * g.KeyValueHeads));
        long layer = attention + (3L * g.HiddenSize * g.IntermediateSize) + (2L * g.HiddenSize);
        long embeddings = (long)g.VocabularySize * g.HiddenSize * (TieEmbeddings ? 1 : 2);
        return (g.Layers * layer) + embeddings + g.HiddenSize;
    }

    /// <summary>Every rule that the spec breaks, one sentence each; empty where it can be written.</summary>
    public IReadOnlyList<string> Validate()
    {
        var g = Geometry;
        List<string> violations = [];
        Positive(violations, g.Layers, "layers");
        Positive(violations, g.HiddenSize, "hidden size");
        Positive(violations, g.AttentionHeads, "attention heads");
        Positive(violations, g.KeyValueHeads, "key-value heads");
        Positive(violations, g.HeadSize, "head size");
        Positive(violations, g.IntermediateSize, "intermediate size");
        Positive(violations, g.VocabularySize, "vocabulary size");
        Positive(violations, g.MaxContextTokens, "context length");
        if (violations.Count > 0)
        {
            return violations;
        }

        if (g.AttentionHeads % g.KeyValueHeads != 0)
        {
            violations.Add($"{g.AttentionHeads} attention heads cannot share {g.KeyValueHeads} key-value heads; the first must be a multiple of the second.");
        }

        if (RotaryDimensions is <= 0 || RotaryDimensions % 2 != 0 || RotaryDimensions > g.HeadSize)
        {
            violations.Add($"{RotaryDimensions} rotated elements of a head of {g.HeadSize} must be even, at least 2 and at most the head size.");
        }

        if (g.HeadSize % 8 != 0)
        {
            violations.Add($"Head size {g.HeadSize} must be a multiple of 8 for the attention kernel.");
        }

        ValidatePrecision(violations);
        return violations;
    }

    private void ValidatePrecision(List<string> violations)
    {
        if (Precision is not (WeightPrecision.Float32 or WeightPrecision.Float16 or WeightPrecision.Int4))
        {
            violations.Add($"Precision {Precision} cannot be written; choose Float32, Float16 or Int4.");
        }

        if (HasHalfActivations && Precision is WeightPrecision.Float32)
        {
            violations.Add("Weights of 32 bits have activations of 32 bits; choose Float16.");
        }

        int block = WeightPrecisionSize.QuantizationBlock;
        if (Precision == WeightPrecision.Int4)
        {
            int[] widths = [Geometry.HiddenSize, Geometry.IntermediateSize, Geometry.AttentionHeads * Geometry.HeadSize];
            violations.AddRange(widths.Where(width => width % block != 0).Distinct()
                .Select(width => $"A matrix of input width {width} cannot be stored in 4 bits; the width must be a multiple of {block}."));
        }
    }

    private static void Positive(List<string> violations, int value, string name)
    {
        if (value <= 0)
        {
            violations.Add($"The {name} is {value}; it must be at least 1.");
        }
    }
}
