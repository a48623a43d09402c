using Leanserve.Onnx.Protos;
using Leanserve.Onnx.Writing;
using static Leanserve.Onnx.Protos.TensorProto.Types;

namespace Leanserve.Onnx.Graphs;

/// <summary>
/// Has an f32 model attend in 16 bits, as ONNX Runtime's attention on GPUs can: casts around each GroupQueryAttention, and a KV cache of half the size.
/// Everything else stays in the precision of the file.
/// </summary>
internal static class HalfAttentionRewriter
{
    /// <summary>Queries, keys, values and attention sinks; what lies between them is the cache, lengths and the mask.</summary>
    private static readonly int[] Operands = [0, 1, 2, 11];

    /// <summary>Whether the graph, which takes the prefix tree, keeps its cache in f32.</summary>
    public static bool Applies(GraphProto graph) => graph.Input.First(input => input.Name == TreeContract.PastKey(0)).Type.TensorType.ElemType == (int)DataType.Float;

    /// <summary>Edits the graph in place.</summary>
    public static void Rewrite(GraphProto graph)
    {
        var attentions = graph.Node.Where(node => node.OpType == "GroupQueryAttention").ToList();
        HashSet<string> halved = [TreeContract.AttentionBias];
        foreach (var attention in attentions)
        {
            halved.UnionWith(attention.Input.Skip(3).Take(2));
            halved.UnionWith(attention.Output.Skip(1));
            foreach (int operand in Operands.Where(operand => attention.InputOrEmpty(operand).Length > 0))
            {
                CastBefore(graph, attention, operand);
            }

            CastAfter(graph, attention);
        }

        foreach (var value in graph.Input.Concat(graph.Output).Where(value => halved.Contains(value.Name)))
        {
            value.Type.TensorType.ElemType = (int)DataType.Float16;
        }
    }

    private static void CastBefore(GraphProto graph, NodeProto attention, int operand)
    {
        string name = $"{attention.Name}/half.{operand}";
        graph.InsertBefore(attention, Cast(name, attention.Input[operand], DataType.Float16));
        attention.Input[operand] = name;
    }

    private static void CastAfter(GraphProto graph, NodeProto attention)
    {
        string output = attention.Output[0];
        attention.Output[0] = $"{output}/half";
        graph.Node.Insert(graph.Node.IndexOf(attention) + 1, Cast(output, attention.Output[0], DataType.Float));
    }

    private static NodeProto Cast(string name, string value, DataType type) =>
        GraphBuilder.Node("Cast", string.Empty, $"{name}/cast", [value], [name], GraphBuilder.Attribute("to", (long)type));
}
