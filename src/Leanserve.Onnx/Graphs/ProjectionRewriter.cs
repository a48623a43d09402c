using System.Runtime.Intrinsics.X86;
using Leanserve.Onnx.Execution;
using Leanserve.Onnx.Kernels;
using Leanserve.Onnx.Protos;
using static Leanserve.Onnx.Protos.TensorProto.Types;

namespace Leanserve.Onnx.Graphs;

/// <summary>
/// Puts our own multiplications by constant matrices in the place of a graph's: f32, and 4 bits without offsets. Others stay ONNX Runtime's. Those of one
/// input become one node, and a gated feed-forward's first half another.
/// </summary>
internal sealed class ProjectionRewriter(GraphProto graph, string directory, OperatorSet operators)
{
    private const string SingleName = "Projection";
    private const string TripleName = "TripleProjection";
    private const string GatedName = "GatedProjection";

    private readonly Dictionary<string, TensorProto> _weights = graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    private readonly List<Projection> _projections = [];
    private readonly List<WeightPacking> _packings = [];

    /// <summary>Edits the graph in place and gives the set the operators for it.</summary>
    /// <param name="folder">Where packed weights are kept from run to run, or null.</param>
    public void Rewrite(PackedWeightFolder? folder)
    {
        operators.Add(SingleName, inputs: 1, outputs: 1, CreateKernel);
        operators.Add(TripleName, inputs: 1, outputs: 3, CreateKernel);
        operators.Add(GatedName, inputs: 1, outputs: 1, CreateKernel);
        if (!Avx2.IsSupported || !Fma.IsSupported)
        {
            return;
        }

        foreach (var siblings in graph.Node.Where(CanMultiply).GroupBy(node => (node.Input[0], node.OpType)).Select(group => group.ToList()).ToList())
        {
            Replace(siblings);
        }

        graph.RemoveUnused();
        operators.Own(folder?.Provide(_packings) ?? WeightMemory.Pack(_packings));
    }

    private ProjectionKernel CreateKernel(int index) => new(operators, _projections[index]);

    private void Replace(List<NodeProto> siblings)
    {
        if (siblings.Count == 2 && FindGate(siblings) is { } product)
        {
            var gate = Consumers(siblings[0].Output[0]).Any(node => node.OpType == "Sigmoid") ? siblings[0] : siblings[1];
            var up = gate == siblings[0] ? siblings[1] : siblings[0];
            Add(GatedName, product, [gate, up], [product.Output[0]]);
        }
        else if (siblings.Count == 3)
        {
            Add(TripleName, siblings[0], siblings, [.. siblings.Select(node => node.Output[0])]);
        }
        else
        {
            siblings.ForEach(node => Add(SingleName, node, [node], [node.Output[0]]));
        }
    }

    private void Add(string name, NodeProto place, IReadOnlyList<NodeProto> sources, string[] outputs)
    {
        var packings = sources.Select(Packing).ToList();
        _packings.AddRange(packings);
        var node = Writing.GraphBuilder.Node(
            name,
            CustomOperator.Domain,
            $"/projection.{_projections.Count}",
            [sources[0].Input[0]],
            outputs,
            Writing.GraphBuilder.Attribute(CustomOperator.IndexAttribute, _projections.Count));
        _projections.Add(new Projection([.. packings.Select(packing => packing.Matrix)], name == GatedName));
        graph.Node[graph.Node.IndexOf(place)] = node;
        foreach (var source in sources)
        {
            graph.Node.Remove(source);
        }
    }

    /// <summary>The node that makes silu(gate) ∘ up of two products of one input, or null.</summary>
    private NodeProto? FindGate(List<NodeProto> siblings)
    {
        foreach (var gate in siblings)
        {
            string gated = gate.Output[0];
            string up = siblings.First(node => node != gate).Output[0];
            var users = Consumers(gated);
            if (users.Count == 2
                && users.Find(node => node.OpType == "Sigmoid") is { } sigmoid
                && users.Find(node => node.OpType == "Mul" && node.Input.Contains(sigmoid.Output[0])) is { } silu
                && Consumers(sigmoid.Output[0]).Count == 1
                && Consumers(silu.Output[0]) is [{ OpType: "Mul" } product]
                && product.Input.Contains(up)
                && Consumers(up).Count == 1)
            {
                return product;
            }
        }

        return null;
    }

    private List<NodeProto> Consumers(string value) => [.. graph.Node.Where(node => node.Input.Contains(value))];

    private bool CanMultiply(NodeProto node) => node.OpType switch
    {
        "MatMul" => IsMatrix(node.InputOrEmpty(1), DataType.Float),
        "Gemm" => IsMatrix(node.InputOrEmpty(1), DataType.Float)
            && node.Integer("transA", 0) == 0
            && (node.Attribute("alpha")?.F ?? 1) == 1
            && node.InputOrEmpty(2).Length == 0,
        "MatMulNBits" => node.Integer("bits", 4) == 4
            && node.Integer("block_size", 0) % Int4Matrix.Block == 0
            && node.Integer("K", 0) % node.Integer("block_size", 1) == 0
            && node.Input.Skip(3).All(string.IsNullOrEmpty)
            && Holds(node.Input[1], DataType.Uint8, node.Integer("N", 0) * node.Integer("K", 0) / 2)
            && Holds(node.Input[2], DataType.Float, node.Integer("N", 0) * node.Integer("K", 0) / node.Integer("block_size", 1)),
        _ => false,
    };

    private bool IsMatrix(string name, DataType type) =>
        _weights.TryGetValue(name, out var tensor) && tensor.Dims.Count == 2 && tensor.DataType == (int)type;

    private bool Holds(string name, DataType type, long elements) =>
        _weights.TryGetValue(name, out var tensor) && tensor.DataType == (int)type && tensor.Dims.Aggregate(1L, (product, dim) => product * dim) == elements;

    private WeightPacking Packing(NodeProto node)
    {
        var tensor = _weights[node.Input[1]];
        if (node.OpType == "MatMulNBits")
        {
            var scales = _weights[node.Input[2]];
            int block = (int)node.Integer("block_size", 0);
            var levels = new Int4Matrix((int)node.Integer("N", 0), (int)node.Integer("K", 0));
            return new WeightPacking(levels, () =>
            {
                using var weights = new TensorData<byte>(tensor, directory);
                using var steps = new TensorData<float>(scales, directory);
                levels.Pack(weights.Memory, steps.Memory, block);
            });
        }

        bool isTransposed = node.OpType == "Gemm" && node.Integer("transB", 0) == 1;
        var matrix = new FloatMatrix((int)tensor.Dims[isTransposed ? 0 : 1], (int)tensor.Dims[isTransposed ? 1 : 0]);
        return new WeightPacking(matrix, () =>
        {
            using var weights = new TensorData<float>(tensor, directory);
            matrix.Pack(weights.Memory, isTransposed);
        });
    }
}
