using Leanserve.Contracts;
using Leanserve.Onnx.Protos;
using Leanserve.Onnx.Writing;
using static Leanserve.Onnx.Protos.TensorProto.Types;
using static Leanserve.Onnx.Writing.GraphBuilder;

namespace Leanserve.Onnx.Graphs;

/// <summary>
/// Rewires a decoder as ONNX model builders write it for the prefix tree: rotary embedding before the attention, by position ids; a free attention bias
/// in place of the mask over one sequence; logits of chosen rows only. Weights stay as they are.
/// </summary>
internal sealed class GraphRewriter(GraphProto graph, ModelGeometry geometry)
{
    private const int KeyInput = 1;
    private const int ValueInput = 2;
    private const int PastKeyInput = 3;
    private const int PastValueInput = 4;
    private const int LengthsInput = 5;
    private const int TotalInput = 6;
    private const int CosineInput = 7;
    private const int SineInput = 8;
    private const int PositionsInput = 9;
    private const int BiasInput = 10;

    /// <summary>How the graph takes tokens.</summary>
    /// <exception cref="ModelLoadException">In neither way; the message names what is missing.</exception>
    public static DecoderInterface Detect(GraphProto graph, string path)
    {
        var inputs = graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        string[] tree =
        [
            TreeContract.InputIds, TreeContract.PositionIds, TreeContract.AttentionBias, TreeContract.SequenceLengthsMinusOne,
            TreeContract.TotalSequenceLength, TreeContract.LogitRows, TreeContract.PastKey(0), TreeContract.PastValue(0),
        ];
        string[] missing = [.. tree.Where(name => !inputs.Contains(name))];
        if (missing.Length == 0)
        {
            return DecoderInterface.Tree;
        }

        if (!inputs.Contains(TreeContract.InputIds) || graph.Node.All(node => node.OpType != "GroupQueryAttention"))
        {
            throw new ModelLoadException(
                $"{path}: inputs {string.Join(", ", missing)} are missing, and there is no GroupQueryAttention over input_ids to rewire; "
                + "export the model with the ONNX Runtime model builder.");
        }

        return DecoderInterface.Sequence;
    }

    /// <summary>Edits the graph in place.</summary>
    /// <exception cref="ModelLoadException">The graph has a part that the prefix tree cannot express.</exception>
    public void Rewrite()
    {
        var attentions = graph.Node.Where(node => node.OpType == "GroupQueryAttention").ToList();
        if (attentions.Count != geometry.Layers)
        {
            throw new ModelLoadException(
                $"The graph has {attentions.Count} GroupQueryAttention nodes for {geometry.Layers} layers; export it with the ONNX Runtime model builder.");
        }

        AddInputs(attentions[0]);
        for (int layer = 0; layer < attentions.Count; layer++)
        {
            RewriteAttention(layer, attentions[layer]);
        }

        GatherLogits();
        graph.RemoveUnused();
    }

    private void AddInputs(NodeProto attention)
    {
        var type = (DataType)(graph.Input.FirstOrDefault(input => input.Name == attention.Input[PastKeyInput])?.Type.TensorType.ElemType ?? (int)DataType.Float);
        Add(Value(TreeContract.PositionIds, DataType.Int64, 1, "S"));
        Add(Value(TreeContract.AttentionBias, type, 1, 1, "S", "total"));
        Add(Value(TreeContract.SequenceLengthsMinusOne, DataType.Int32, 1));
        Add(Value(TreeContract.TotalSequenceLength, DataType.Int32));
        Add(Value(TreeContract.LogitRows, DataType.Int64, "K"));

        void Add(ValueInfoProto input)
        {
            if (graph.Input.All(existing => existing.Name != input.Name))
            {
                graph.Input.Add(input);
            }
        }
    }

    private void RewriteAttention(int layer, NodeProto attention)
    {
        long window = attention.Integer("local_window_size", -1);
        if (window > 0 && window < geometry.MaxContextTokens)
        {
            throw new ModelLoadException(
                $"{attention.Name}: attention over a sliding window of {window} tokens has no place in a prefix tree; use a model with full attention.");
        }

        attention.Set(Attribute("local_window_size", -1));
        SplitPacked(layer, attention);
        RotateBefore(layer, attention);
        attention.SetInput(LengthsInput, TreeContract.SequenceLengthsMinusOne);
        attention.SetInput(TotalInput, TreeContract.TotalSequenceLength);
        attention.SetInput(CosineInput, string.Empty);
        attention.SetInput(SineInput, string.Empty);
        attention.SetInput(PositionsInput, string.Empty);
        attention.SetInput(BiasInput, TreeContract.AttentionBias);
        graph.Rename(attention.Input[PastKeyInput], TreeContract.PastKey(layer));
        graph.Rename(attention.Input[PastValueInput], TreeContract.PastValue(layer));
        graph.Rename(attention.Output[1], TreeContract.PresentKey(layer));
        graph.Rename(attention.Output[2], TreeContract.PresentValue(layer));
    }

    /// <summary>Queries, keys and values in one tensor cannot be rotated apart.</summary>
    private void SplitPacked(int layer, NodeProto attention)
    {
        if (attention.InputOrEmpty(KeyInput).Length > 0)
        {
            return;
        }

        long heads = attention.Integer("num_heads", geometry.AttentionHeads);
        long keyValueHeads = attention.Integer("kv_num_heads", geometry.KeyValueHeads);
        string sizes = $"/tree/split_sizes.{layer}";
        var tensor = new TensorProto { Name = sizes, DataType = (int)DataType.Int64 };
        tensor.Dims.Add(3);
        tensor.Int64Data.Add([heads * geometry.HeadSize, keyValueHeads * geometry.HeadSize, keyValueHeads * geometry.HeadSize]);
        graph.Initializer.Add(tensor);
        string[] parts = [$"/tree/q.{layer}", $"/tree/k.{layer}", $"/tree/v.{layer}"];
        graph.InsertBefore(attention, Node("Split", string.Empty, $"/tree/split.{layer}", [attention.Input[0], sizes], parts, Attribute("axis", -1)));
        attention.Input[0] = parts[0];
        attention.SetInput(KeyInput, parts[1]);
        attention.SetInput(ValueInput, parts[2]);
    }

    /// <summary>The kernel's own rotation knows the first position only, which is not enough for a tree.</summary>
    private void RotateBefore(int layer, NodeProto attention)
    {
        if (attention.Integer("do_rotary", 0) == 0)
        {
            return;
        }

        string cosines = attention.InputOrEmpty(CosineInput);
        long half = graph.Initializer.FirstOrDefault(tensor => tensor.Name == cosines)?.Dims[1] ?? geometry.HeadSize / 2;
        for (int i = 0; i <= KeyInput; i++)
        {
            string rotated = $"/tree/{(i == 0 ? "q" : "k")}_rotary.{layer}";
            long heads = i == 0 ? attention.Integer("num_heads", geometry.AttentionHeads) : attention.Integer("kv_num_heads", geometry.KeyValueHeads);
            graph.InsertBefore(attention, Node(
                "RotaryEmbedding",
                MicrosoftDomain,
                rotated,
                [attention.Input[i], TreeContract.PositionIds, cosines, attention.InputOrEmpty(SineInput)],
                [rotated],
                Attribute("interleaved", attention.Integer("rotary_interleaved", 0)),
                Attribute("num_heads", heads),
                Attribute("rotary_embedding_dim", 2 * half == geometry.HeadSize ? 0 : 2 * half)));
            attention.Input[i] = rotated;
        }

        attention.Set(Attribute("do_rotary", 0));
    }

    /// <summary>Puts the choice of rows before the output head, so that a prefill computes one row of logits instead of all.</summary>
    private void GatherLogits()
    {
        var output = graph.Output.FirstOrDefault(value => value.Name == TreeContract.Logits)
            ?? throw new ModelLoadException("The graph has no output 'logits'; export it with the ONNX Runtime model builder.");
        output.Type.TensorType.Shape = Value(output.Name, DataType.Float, 1, "K", geometry.VocabularySize).Type.TensorType.Shape;
        var head = Producer(TreeContract.Logits);
        while (head.OpType is "Cast" or "Identity" or "Mul" or "Div" or "Tanh" or "Add" or "Unsqueeze" or "Reshape")
        {
            head = Producer(head.Input[0]);
        }

        // A Gemm takes rows without a batch; the reshape before it is where rows still lie on axis 1.
        if (head.OpType == "Gemm")
        {
            head = Producer(head.Input[0]);
        }

        const string Gathered = "/tree/logit_rows";
        graph.InsertBefore(head, Node("Gather", string.Empty, Gathered, [head.Input[0], TreeContract.LogitRows], [Gathered], Attribute("axis", 1)));
        head.Input[0] = Gathered;
    }

    private NodeProto Producer(string value) => graph.Node.FirstOrDefault(node => node.Output.Contains(value))
        ?? throw new ModelLoadException($"No node of the graph makes '{value}'; the model file is damaged.");
}
