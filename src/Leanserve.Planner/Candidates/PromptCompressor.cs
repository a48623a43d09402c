using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>An encoder that reads every prompt on the served model's hardware and leaves a part of it.</summary>
/// <param name="MatrixParameters">Its weights without the embedding table.</param>
/// <param name="Ratio">Tokens that it reads for each that it leaves.</param>
internal sealed record PromptCompressor(double MatrixParameters, double Ratio)
{
    // XLM-RoBERTa-large's width. Its attention is left out: over prompts of some hundred tokens it is a few percent of the products.
    private const int Width = 1024;
    private const int FeedForward = 4 * Width;
    private const double WeightsOfALayer = 3.0 * Width * FeedForward;

    private ModelGeometry Geometry { get; } = new()
    {
        Parameters = (long)MatrixParameters,
        Layers = Math.Max(1, (int)Math.Round(MatrixParameters / WeightsOfALayer)),
        HiddenSize = Width,
        AttentionHeads = 0,
        KeyValueHeads = 0,
        HeadSize = 0,
        IntermediateSize = FeedForward,
        VocabularySize = 0,
        MaxContextTokens = int.MaxValue,
    };

    /// <summary>Its passes by tokens that are left, for which it computes <see cref="Ratio"/> times as many.</summary>
    public ForwardCost Cost(double bandwidth, double flops, EngineProfile profile) => new(Geometry, WeightPrecision.Float16, bandwidth, flops / Ratio, profile);
}
