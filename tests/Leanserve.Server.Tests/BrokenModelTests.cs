using System.Text.Json.Nodes;
using Google.Protobuf;
using Leanserve.Onnx.Protos;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

/// <summary>A model folder that cannot be served ends the process with one line: the file, what is wrong with it, what to do.</summary>
public sealed class BrokenModelTests : IDisposable
{
    private readonly TinyModel model;
    private readonly PodProcess pod = new();
    private readonly string folder;

    public BrokenModelTests(TinyModel model)
    {
        this.model = model;
        folder = Directory.CreateDirectory(Path.Combine(pod.Folder, "model")).FullName;
        foreach (var file in Directory.GetFiles(model.Directory))
        {
            File.Copy(file, PathOf(Path.GetFileName(file)));
        }
    }

    public void Dispose() => pod.Dispose();

    [Fact]
    public Task Process_ModelCutOff_SaysSo()
    {
        using (var file = File.OpenWrite(PathOf("model.onnx")))
        {
            file.SetLength(file.Length / 2);
        }

        return AssertLastWordsAsync("model.onnx: truncated or no ONNX model", "copy it again");
    }

    [Fact]
    public Task Process_NoModel_SaysSo()
    {
        File.WriteAllText(PathOf("model.onnx"), "no model");

        return AssertLastWordsAsync("model.onnx: truncated or no ONNX model", "copy it again");
    }

    [Fact]
    public Task Process_UnknownOpset_SaysWhichAreKnown()
    {
        Edit(graph => graph.OpsetImport[0].Version = 99);

        return AssertLastWordsAsync("model.onnx: opset 99", "this runtime takes", "Export the model again");
    }

    [Fact]
    public Task Process_InputsMissing_NamesThem()
    {
        Edit(edited =>
        {
            edited.Graph.Input.Remove(edited.Graph.Input.First(input => input.Name == "logit_rows"));
            edited.Graph.Node.Where(node => node.OpType == "GroupQueryAttention").ToList().ForEach(node => node.OpType = "MultiHeadAttention");
        });

        return AssertLastWordsAsync("model.onnx: inputs logit_rows are missing", "export the model with the ONNX Runtime model builder");
    }

    [Fact]
    public Task Process_WeightNotANumber_NamesIt()
    {
        Edit(edited =>
        {
            var tensor = edited.Graph.Initializer.First(each => each.Name.Contains("q_proj", StringComparison.Ordinal));
            var bytes = tensor.RawData.ToByteArray();
            BitConverter.TryWriteBytes(bytes.AsSpan(400), float.NaN);
            tensor.RawData = ByteString.CopyFrom(bytes);
        });

        return AssertLastWordsAsync("q_proj.weight holds NaN", "damaged or was exported wrongly");
    }

    [Fact]
    public Task Process_TokenizerOfAnotherModel_SaysSo()
    {
        var tokenizer = JsonNode.Parse(File.ReadAllText(PathOf("tokenizer.json")))!;
        tokenizer["added_tokens"]![0]!["id"] = 5_000;
        File.WriteAllText(PathOf("tokenizer.json"), tokenizer.ToJsonString());

        return AssertLastWordsAsync("tokenizer.json: ids run to 5000, but the model's vocabulary has 264 tokens", "the tokenizer belongs to another model");
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("weights/../../secret")]
    public Task Process_WeightsOutsideTheFolder_AreRefused(string location)
    {
        Edit(edited =>
        {
            var tensor = edited.Graph.Initializer.First(each => each.Name.Contains("norm", StringComparison.Ordinal));
            tensor.ClearRawData();
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        });

        return AssertLastWordsAsync($"points at '{location}', outside the model folder", "such a model is refused");
    }

    private string PathOf(string file) => Path.Combine(folder, file);

    private void Edit(Action<ModelProto> edit)
    {
        var edited = ModelProto.Parser.ParseFrom(File.ReadAllBytes(PathOf("model.onnx")));
        edit(edited);
        File.WriteAllBytes(PathOf("model.onnx"), edited.ToByteArray());
    }

    private async Task AssertLastWordsAsync(params string[] expected)
    {
        var config = TestServer.Config(model) with { ModelDirectory = folder, Port = FreePort.Next() };

        var (exitCode, _, error) = await PodProcess.EndAsync(pod.Start(config), TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.Equal(pod.LastWords, Assert.Single(error.TrimEnd('\n').Split('\n')));
        Assert.All(expected, part => Assert.Contains(part, pod.LastWords, StringComparison.Ordinal));
    }
}
