using Google.Protobuf;
using Leanserve.Contracts;
using Leanserve.Onnx.Graphs;
using Leanserve.Onnx.Protos;
using Leanserve.Onnx.Tests.Support;

namespace Leanserve.Onnx.Tests;

public sealed class GraphRewriterTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Retrofit_ModelAsBuildersWriteIt_AnswersLikeTheTreeModel(bool packed)
    {
        foreach (var spec in TinyModel.FloatSpecs)
        {
            var tree = TinyModel.Open(spec);
            string standard = SequenceModel.Write(tree, packed);
            var folder = ModelFolder.Open(standard);
            Assert.Equal(DecoderInterface.Sequence, folder.Interface);
            using var expected = tree.CreateRunner(new OnnxRunnerOptions { KvSlots = 64, Threads = 1 });
            using var edited = folder.CreateRunner(new OnnxRunnerOptions { KvSlots = 64, Threads = 1, UseModelAttention = packed });
            int[] prompt = [7, 8, 9, 10, 200];
            float[] logits = LinearDecoder.Logits(expected, prompt);
            Assert.All(logits.Zip(LinearDecoder.Logits(edited, prompt)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
            Assert.All(logits.Zip(SequenceModel.Run(standard, prompt, spec.Geometry)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }

    [Fact]
    public void HalfAttention_OfAFullModel_IsCloseToTheFullOne()
    {
        var full = TinyModel.Open(TinyModel.GroupedQuery);
        string folder = TinyModel.NewFolder();
        full.WriteRetrofitted(folder);
        string path = Path.Combine(folder, "model.onnx");
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        Assert.True(HalfAttentionRewriter.Applies(model.Graph));
        HalfAttentionRewriter.Rewrite(model.Graph);
        Assert.False(HalfAttentionRewriter.Applies(model.Graph));
        File.WriteAllBytes(path, model.ToByteArray());
        using var half = ModelFolder.Open(folder).CreateRunner(new OnnxRunnerOptions { KvSlots = 256, Threads = 1 });
        using var linear = TinyModel.Runner(TinyModel.GroupedQuery, slots: 256);
        Assert.Equal(linear.SlotBytes / 2, half.SlotBytes);
        Assert.InRange(new RandomTree(new Random(4)).LargestDifference(half, linear), 1e-5, 0.05);
    }

    [Fact]
    public void WriteRetrofitted_Folder_LoadsAsATree()
    {
        var folder = ModelFolder.Open(SequenceModel.Write(TinyModel.Open(TinyModel.GroupedQuery), packed: false));
        string destination = TinyModel.NewFolder();
        folder.WriteRetrofitted(destination);
        var written = ModelFolder.Open(destination);
        Assert.Equal(DecoderInterface.Tree, written.Interface);
        Assert.Equal(WeightPrecision.Float32, written.Precision);
        using var runner = written.CreateRunner(new OnnxRunnerOptions { KvSlots = 64, Threads = 1 });
        using var expected = TinyModel.Runner(TinyModel.GroupedQuery);
        Assert.All(
            LinearDecoder.Logits(expected, [1, 2, 3]).Zip(LinearDecoder.Logits(runner, [1, 2, 3])), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void WriteRetrofitted_IntoItself_IsRefused()
    {
        var folder = TinyModel.Open(TinyModel.GroupedQuery);
        Assert.Throws<ArgumentException>(() => folder.WriteRetrofitted(folder.Directory));
    }
}
