using Leanserve.Contracts;
using Leanserve.Onnx.Execution;
using Leanserve.Onnx.Kernels;
using Leanserve.Onnx.Protos;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Graphs;

/// <summary>Puts our own attention operator in the place of GroupQueryAttention, in a graph that takes the prefix tree.</summary>
internal static class PathAttentionRewriter
{
    /// <summary>Whether our operator computes what the graph's attention does: f32, plain softmax of the usual scale, no norms or sinks inside.</summary>
    public static bool CanRewrite(GraphProto graph, ModelGeometry geometry)
    {
        var cache = graph.Input.FirstOrDefault(input => input.Name == TreeContract.PastKey(0));
        return cache?.Type.TensorType.ElemType == (int)TensorProto.Types.DataType.Float
            && geometry.HeadSize % ProductTile.Width == 0
            && graph.Node.Where(node => node.OpType == "GroupQueryAttention").All(node => IsPlain(node, geometry));
    }

    /// <summary>Edits the graph in place; inputs and outputs of the cache go, since the operator keeps it.</summary>
    public static void Rewrite(ModelProto model)
    {
        var graph = model.Graph;
        int layer = 0;
        foreach (var attention in graph.Node.Where(node => node.OpType == "GroupQueryAttention").ToList())
        {
            string[] inputs = [attention.Input[0], attention.Input[1], attention.Input[2]];
            var replacement = GraphBuilder.Node(
                PathAttention.OperatorName,
                CustomOperator.Domain,
                attention.Name,
                inputs,
                [attention.Output[0]],
                GraphBuilder.Attribute(CustomOperator.IndexAttribute, layer++));
            graph.Node[graph.Node.IndexOf(attention)] = replacement;
        }

        var logits = graph.Output.First(output => output.Name == TreeContract.Logits);
        graph.Output.Clear();
        graph.Output.Add(logits);
        graph.RemoveUnused();
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = CustomOperator.Domain, Version = 1 });
    }

    private static bool IsPlain(NodeProto node, ModelGeometry geometry)
    {
        float scale = node.Attribute("scale")?.F ?? 0;
        bool isUsualScale = scale == 0 || MathF.Abs((scale * MathF.Sqrt(geometry.HeadSize)) - 1) < 1e-4f;
        return isUsualScale
            && (node.Attribute("softcap")?.F ?? 0) == 0
            && node.Integer("smooth_softmax", 0) <= 0
            && node.Input.Skip(11).All(string.IsNullOrEmpty);
    }
}
