using Leanserve.Contracts;
using Leanserve.Onnx.Writing;
using Leanserve.Planner;

namespace Leanserve.Cli.Tests.Plans;

/// <summary>The planner's bytes of weights against those that the writer of models puts on the disk and the runtime maps.</summary>
public sealed class WeightsBytesTests
{
    [Theory]
    [InlineData(WeightPrecision.Float32, false)]
    [InlineData(WeightPrecision.Float32, true)]
    [InlineData(WeightPrecision.Int4, false)]
    [InlineData(WeightPrecision.Int4, true)]
    public void WeightsBytes_OfAWrittenModel_AreWithinOnePercent(WeightPrecision precision, bool tied)
    {
        var folder = Directory.CreateTempSubdirectory("leanserve-");
        try
        {
            var spec = Spec(precision, tied);
            ModelWriter.Write(folder.FullName, spec, new RandomWeights(1), new TokenizerSpec());
            double written = folder.GetFiles("model.onnx*").Sum(file => file.Length);
            var geometry = spec.Geometry with { Parameters = spec.CountParameters() };
            Assert.InRange(ModelShape.WeightsBytes(geometry, precision, activationBytes: 4), 0.99 * written, 1.01 * written);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // A short context keeps the rotary tables, and wide matrices the graph's text, below the tolerance.
    private static DecoderSpec Spec(WeightPrecision precision, bool tied) => new()
    {
        Geometry = new ModelGeometry
        {
            Parameters = 0,
            Layers = 3,
            HiddenSize = 512,
            AttentionHeads = 8,
            KeyValueHeads = 2,
            HeadSize = 64,
            IntermediateSize = 1024,
            VocabularySize = 4096,
            MaxContextTokens = 64,
        },
        Precision = precision,
        TieEmbeddings = tied,
    };
}
