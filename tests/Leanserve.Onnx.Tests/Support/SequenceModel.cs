using Google.Protobuf;
using Leanserve.Contracts;
using Leanserve.Onnx.Graphs;
using Leanserve.Onnx.Protos;
using Leanserve.Onnx.Writing;
using Microsoft.ML.OnnxRuntime;
using static Leanserve.Onnx.Protos.TensorProto.Types;
using static Leanserve.Onnx.Writing.GraphBuilder;

namespace Leanserve.Onnx.Tests.Support;

/// <summary>Turns a tree model into what ONNX model builders write: attention mask, rotation inside the attention, logits of every row.</summary>
internal static class SequenceModel
{
    public static string Write(ModelFolder tree, bool packed)
    {
        string folder = TinyModel.NewFolder();
        foreach (string file in Directory.GetFiles(tree.Directory))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        string path = Path.Combine(folder, "model.onnx");
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        Convert(model.Graph, packed);
        File.WriteAllBytes(path, model.ToByteArray());
        return folder;
    }

    /// <summary>Logits after the prompt's last token, by ONNX Runtime as it stands.</summary>
    public static float[] Run(string folder, int[] prompt, ModelGeometry geometry)
    {
        using var session = new InferenceSession(Path.Combine(folder, "model.onnx"));
        long[] shape = [1, prompt.Length];
        Dictionary<string, OrtValue> inputs = new()
        {
            ["input_ids"] = OrtValue.CreateTensorValueFromMemory(prompt.Select(token => (long)token).ToArray(), shape),
            ["attention_mask"] = OrtValue.CreateTensorValueFromMemory(prompt.Select(_ => 1L).ToArray(), shape),
        };
        for (int layer = 0; layer < geometry.Layers; layer++)
        {
            foreach (string name in new[] { TreeContract.PastKey(layer), TreeContract.PastValue(layer) })
            {
                inputs[name] = OrtValue.CreateTensorValueFromMemory<float>(new float[0], [1, geometry.KeyValueHeads, 0, geometry.HeadSize]);
            }
        }

        using var options = new RunOptions();
        using var outputs = session.Run(options, inputs, ["logits"]);
        return outputs[0].GetTensorDataAsSpan<float>()[^geometry.VocabularySize..].ToArray();
    }

    private static void Convert(GraphProto graph, bool packed)
    {
        graph.Input.Add(Value("attention_mask", DataType.Int64, 1, "total"));
        AddLengths(graph);
        foreach (var attention in graph.Node.Where(node => node.OpType == "GroupQueryAttention").ToList())
        {
            attention.Input[0] = Unrotated(graph, attention.Input[0]);
            attention.Input[1] = Unrotated(graph, attention.Input[1]);
            attention.SetInput(5, "/lengths");
            attention.SetInput(6, "/total");
            attention.SetInput(7, "cos_cache");
            attention.SetInput(8, "sin_cache");
            attention.Input.RemoveAt(10);
            attention.Set(Attribute("do_rotary", 1));
            if (packed)
            {
                string name = $"{attention.Name}/packed";
                graph.InsertBefore(attention, Node("Concat", string.Empty, name, [.. attention.Input.Take(3)], [name], Attribute("axis", -1)));
                attention.Input[0] = name;
                attention.Input[1] = attention.Input[2] = string.Empty;
            }
        }

        var rows = graph.Node.First(node => node.Name == "/logit_rows");
        graph.Rename(rows.Output[0], rows.Input[0] + string.Empty);
        graph.Node.Remove(rows);
        graph.RemoveUnused();
    }

    private static string Unrotated(GraphProto graph, string rotated) => graph.Node.First(node => node.Output.Contains(rotated)).Input[0];

    private static void AddLengths(GraphProto graph)
    {
        Constant("/one", 1);
        Constant("/axis", 1);
        graph.Node.Insert(0, Node("ReduceSum", string.Empty, "/sum", ["attention_mask", "/axis"], ["/sum"], Attribute("keepdims", 0)));
        graph.Node.Insert(1, Node("Sub", string.Empty, "/minus", ["/sum", "/one"], ["/minus"]));
        graph.Node.Insert(2, Node("Cast", string.Empty, "/lengths", ["/minus"], ["/lengths"], Attribute("to", (long)DataType.Int32)));
        graph.Node.Insert(3, Node("Cast", string.Empty, "/sum32", ["/sum"], ["/sum32"], Attribute("to", (long)DataType.Int32)));
        graph.Node.Insert(4, Node("Squeeze", string.Empty, "/total", ["/sum32"], ["/total"]));

        void Constant(string name, long value)
        {
            var tensor = new TensorProto { Name = name, DataType = (int)DataType.Int64 };
            tensor.Dims.Add(1);
            tensor.Int64Data.Add(value);
            graph.Initializer.Add(tensor);
        }
    }
}
