using System.Globalization;
using Leanserve.Api;
using Leanserve.Contracts;
using Leanserve.Planner;

namespace Leanserve.Translation.Planning;

/// <summary>The model's shape and weights: measured where they can be, else stated.</summary>
internal static class ModelResolution
{
    // Parameter counts are often stated rounded, as in "8B".
    private const double ParameterTolerance = 0.05;

    public static (ModelGeometry Geometry, WeightVariant Weights)? Resolve(ModelSpec model, ModelFacts? facts) => (facts, model.Geometry) switch
    {
        ({ } found, _) => (found.Geometry, new WeightVariant(found.Precision, found.WeightsBytes)),
        (null, { } stated) => (Geometry(stated), new WeightVariant(Precision(stated.WeightBits))),
        _ => null,
    };

    public static IEnumerable<Contradiction> Contradictions(GeometrySpec? stated, ModelFacts? facts)
    {
        if (stated is null || facts is null)
        {
            yield break;
        }

        var found = facts.Geometry;
        if (Math.Abs(stated.Parameters - found.Parameters) > ParameterTolerance * found.Parameters)
        {
            yield return Differ("parameters", stated.Parameters, found.Parameters);
        }

        (string Field, long Stated, long Measured)[] exact =
        [
            ("layers", stated.Layers, found.Layers),
            ("hiddenSize", stated.HiddenSize, found.HiddenSize),
            ("attentionHeads", stated.AttentionHeads, found.AttentionHeads),
            ("keyValueHeads", stated.KeyValueHeads, found.KeyValueHeads),
            ("headSize", stated.HeadSize, found.HeadSize),
            ("intermediateSize", stated.IntermediateSize, found.IntermediateSize),
            ("vocabularySize", stated.VocabularySize, found.VocabularySize),
            ("maxContextTokens", stated.MaxContextTokens, found.MaxContextTokens),
            ("weightBits", stated.WeightBits, Bits(facts.Precision)),
        ];
        foreach (var (field, said, measured) in exact.Where(pair => pair.Stated != pair.Measured))
        {
            yield return Differ(field, said, measured);
        }
    }

    private static Contradiction Differ(string field, long stated, long measured) => new(
        $"spec.model.geometry.{field}", stated.ToString(CultureInfo.InvariantCulture), measured.ToString(CultureInfo.InvariantCulture));

    private static ModelGeometry Geometry(GeometrySpec stated) => new()
    {
        Parameters = stated.Parameters,
        Layers = stated.Layers,
        HiddenSize = stated.HiddenSize,
        AttentionHeads = stated.AttentionHeads,
        KeyValueHeads = stated.KeyValueHeads,
        HeadSize = stated.HeadSize,
        IntermediateSize = stated.IntermediateSize,
        VocabularySize = stated.VocabularySize,
        MaxContextTokens = stated.MaxContextTokens,
    };

    private static WeightPrecision Precision(int bits) => bits switch
    {
        4 => WeightPrecision.Int4,
        8 => WeightPrecision.Int8,
        16 => WeightPrecision.Float16,
        32 => WeightPrecision.Float32,
        _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "Weights of 4, 8, 16 or 32 bits can be planned."),
    };

    private static int Bits(WeightPrecision precision) => (int)precision.BitsPerWeight();
}
