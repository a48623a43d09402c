using System.Text.Json.Nodes;
using Google.Protobuf;
using Leanserve.Contracts;
using Leanserve.Onnx.Protos;
using Leanserve.Onnx.Tests.Support;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Tests;

public sealed class ModelFolderTests
{
    [Fact]
    public void Open_WrittenModel_TellsWhatWasWritten()
    {
        var folder = TinyModel.Open(TinyModel.GroupedQuery);
        Assert.Equal(TinyModel.GroupedQuery.Geometry with { Parameters = TinyModel.GroupedQuery.CountParameters() }, folder.Geometry);
        Assert.Equal(WeightPrecision.Float32, folder.Precision);
        Assert.Equal(DecoderInterface.Tree, folder.Interface);
        Assert.True(folder.WeightsBytes > 4 * folder.Geometry.Parameters);
        Assert.Equal(2, folder.Tokenizer.EndTokens.Count);
        Assert.NotNull(folder.ChatTemplate);
    }

    [Fact]
    public void Open_Int4Model_CountsPackedWeights()
    {
        var folder = TinyModel.Open(TinyModel.Int4);
        Assert.Equal(WeightPrecision.Int4, folder.Precision);
        Assert.Equal(TinyModel.Int4.CountParameters(), folder.Geometry.Parameters);
    }

    [Theory]
    [InlineData("model.onnx", "there is no such file")]
    [InlineData("tokenizer.json", "there is no such file")]
    public void Open_FileMissing_SaysWhich(string file, string expected) =>
        AssertBroken(folder => File.Delete(Path.Combine(folder, file)), file, expected);

    [Fact]
    public void Open_NoConfiguration_SaysSo() => AssertBroken(
        folder =>
        {
            File.Delete(Path.Combine(folder, "config.json"));
            File.Delete(Path.Combine(folder, "genai_config.json"));
        },
        "config.json",
        "neither");

    [Fact]
    public void Open_TruncatedModel_SaysSo() => AssertBroken(
        folder =>
        {
            using var file = File.OpenWrite(Path.Combine(folder, "model.onnx"));
            file.SetLength(file.Length / 2);
        },
        "model.onnx",
        "truncated");

    [Fact]
    public void Open_UnknownOpset_SaysWhichAreKnown() => AssertBrokenGraph(model => model.OpsetImport[0].Version = 99, "opset 99");

    [Fact]
    public void Open_NotANumberWeight_NamesIt() => AssertBrokenGraph(
        model =>
        {
            var tensor = model.Graph.Initializer.First(each => each.Name.Contains("q_proj", StringComparison.Ordinal));
            byte[] bytes = tensor.RawData.ToByteArray();
            BitConverter.TryWriteBytes(bytes.AsSpan(400), float.NaN);
            tensor.RawData = ByteString.CopyFrom(bytes);
        },
        "q_proj.weight holds NaN");

    [Fact]
    public void Open_MissingInputs_NamesThem() => AssertBrokenGraph(
        model =>
        {
            model.Graph.Input.Remove(model.Graph.Input.First(input => input.Name == TreeContract.LogitRows));
            foreach (var node in model.Graph.Node.Where(node => node.OpType == "GroupQueryAttention"))
            {
                node.OpType = "MultiHeadAttention";
            }
        },
        "inputs logit_rows are missing");

    [Theory]
    [InlineData("../weights.bin", "outside the model folder")]
    [InlineData("/etc/passwd", "outside the model folder")]
    [InlineData("absent.bin", "there is no such file")]
    public void Open_ExternalDataElsewhere_IsRefused(string location, string expected) =>
        AssertBrokenGraph(model => MakeExternal(model, location, length: 16), expected);

    [Fact]
    public void Open_ExternalDataCutOff_SaysSo()
    {
        string folder = Copy();
        File.WriteAllBytes(Path.Combine(folder, "weights.bin"), new byte[10]);
        Edit(folder, model => MakeExternal(model, "weights.bin", length: 16));
        AssertMessage(folder, "the file ends at 10");
    }

    [Fact]
    public void Open_ExternalDataSmallerThanItsShape_SaysSo()
    {
        string folder = Copy();
        File.WriteAllBytes(Path.Combine(folder, "weights.bin"), new byte[16]);
        Edit(folder, model => MakeExternal(model, "weights.bin", length: 16));
        AssertMessage(folder, "16 bytes, too few for its shape");
    }

    [Fact]
    public void Open_WeightSmallerThanItsShape_SaysSo() => AssertBrokenGraph(
        model =>
        {
            var tensor = model.Graph.Initializer.First(each => each.Name.Contains("q_proj", StringComparison.Ordinal));
            tensor.RawData = ByteString.CopyFrom(tensor.RawData.Span[..^4]);
        },
        "too few for its shape");

    [Fact]
    public void Open_TokenizerOfLargerVocabulary_SaysSo() => AssertBroken(
        folder => EditJson(folder, "tokenizer.json", json => json["added_tokens"]![0]!["id"] = 5_000), "tokenizer.json", "belongs to another model");

    [Fact]
    public void Open_BrokenJson_SaysSo() =>
        AssertBroken(folder => File.WriteAllText(Path.Combine(folder, "config.json"), "{\"hidden_size\": "), "config.json", "not JSON");

    [Fact]
    public void Open_SizeMissing_NamesIt() => AssertBroken(
        folder =>
        {
            File.Delete(Path.Combine(folder, "genai_config.json"));
            EditJson(folder, "config.json", json => json.AsObject().Remove("num_hidden_layers"));
        },
        "num_hidden_layers",
        "add it");

    [Fact]
    public void Open_ConfigurationOfAnotherModel_SaysSo() =>
        AssertBroken(folder => EditJson(folder, "config.json", json => json["num_key_value_heads"] = 1), "config.json", "belongs to another model");

#if !CUDA
    [Fact]
    public void CreateRunner_CudaOnCpuBuild_SaysWhatToDo()
    {
        var options = new OnnxRunnerOptions { KvSlots = 8, ExecutionProvider = ExecutionProvider.Cuda };
        var exception = Assert.Throws<ModelLoadException>(() => TinyModel.Open(TinyModel.MultiHead).CreateRunner(options));
        Assert.Contains("-p:Accelerator=cuda", exception.Message, StringComparison.Ordinal);
    }
#endif

    [Fact]
    public void CreateRunner_LargeModelWithExternalData_Answers()
    {
        string folder = TinyModel.NewFolder();
        var spec = TinyModel.Spec(4, 2) with { };
        spec = spec with { Geometry = spec.Geometry with { VocabularySize = 140_000 } };
        ModelWriter.Write(folder, spec, new RandomWeights(1), new TokenizerSpec());
        Assert.True(new FileInfo(Path.Combine(folder, "model.onnx.data")).Length > 64 << 20);
        using var runner = ModelFolder.Open(folder).CreateRunner(new OnnxRunnerOptions { KvSlots = 8, Threads = 1 });
        Assert.All(LinearDecoder.Logits(runner, [1, 2, 3]), logit => Assert.True(float.IsFinite(logit)));
    }

    private static void MakeExternal(ModelProto model, string location, int length)
    {
        var tensor = model.Graph.Initializer.First(each => each.Name.Contains("norm", StringComparison.Ordinal));
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{length}" });
    }

    private static string Copy()
    {
        string copy = TinyModel.NewFolder();
        foreach (string file in Directory.GetFiles(TinyModel.Open(TinyModel.GroupedQuery).Directory))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    private static void Edit(string folder, Action<ModelProto> edit)
    {
        string path = Path.Combine(folder, "model.onnx");
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        edit(model);
        File.WriteAllBytes(path, model.ToByteArray());
    }

    private static void EditJson(string folder, string file, Action<JsonNode> edit)
    {
        string path = Path.Combine(folder, file);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        edit(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    private static void AssertBrokenGraph(Action<ModelProto> edit, string expected) => AssertBroken(folder => Edit(folder, edit), "model.onnx", expected);

    private static void AssertBroken(Action<string> damage, string file, string expected)
    {
        string folder = Copy();
        damage(folder);
        string message = AssertMessage(folder, expected);
        Assert.True(message.Contains(file, StringComparison.Ordinal) || expected.Contains("no such file", StringComparison.Ordinal), message);
    }

    private static string AssertMessage(string folder, string expected)
    {
        var exception = Assert.Throws<ModelLoadException>(() => ModelFolder.Open(folder));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        return exception.Message;
    }
}
