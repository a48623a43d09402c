using Google.Protobuf;
using Leanserve.Onnx.Protos;
using static Leanserve.Onnx.Protos.AttributeProto.Types;

namespace Leanserve.Onnx.Writing;

/// <summary>Appends nodes, inputs and outputs to an ONNX graph. A node's first output is named after the node.</summary>
internal sealed class GraphBuilder(GraphProto graph)
{
    public const string MicrosoftDomain = "com.microsoft";

    public GraphProto Graph => graph;

    public static AttributeProto Attribute(string name, long value) => new() { Name = name, I = value, Type = AttributeType.Int };

    public static AttributeProto Attribute(string name, float value) => new() { Name = name, F = value, Type = AttributeType.Float };

    public static AttributeProto Attribute(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeType.String };

    public static NodeProto Node(string opType, string domain, string name, string[] inputs, string[] outputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = opType, Domain = domain, Name = name };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes);
        return node;
    }

    /// <summary>A node of ONNX's own domain with one output; returns the output's name.</summary>
    public string Add(string opType, string name, string[] inputs, params AttributeProto[] attributes) =>
        AddTo(string.Empty, opType, name, inputs, attributes);

    /// <summary>A node of ONNX Runtime's domain with one output; returns the output's name.</summary>
    public string AddMicrosoft(string opType, string name, string[] inputs, params AttributeProto[] attributes) =>
        AddTo(MicrosoftDomain, opType, name, inputs, attributes);

    public static ValueInfoProto Value(string name, TensorProto.Types.DataType type, params object[] dims)
    {
        var shape = new TensorShapeProto();
        foreach (object dim in dims)
        {
            shape.Dim.Add(dim is string symbol
                ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
                : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(dim, null) });
        }

        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private string AddTo(string domain, string opType, string name, string[] inputs, AttributeProto[] attributes)
    {
        graph.Node.Add(Node(opType, domain, name, inputs, [name], attributes));
        return name;
    }
}
