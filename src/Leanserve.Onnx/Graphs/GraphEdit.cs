using Leanserve.Onnx.Protos;

namespace Leanserve.Onnx.Graphs;

/// <summary>Small edits of an ONNX graph that keep it in topological order.</summary>
internal static class GraphEdit
{
    public static AttributeProto? Attribute(this NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    public static long Integer(this NodeProto node, string name, long fallback) => node.Attribute(name)?.I ?? fallback;

    /// <summary>Sets an attribute, or adds it.</summary>
    public static void Set(this NodeProto node, AttributeProto attribute)
    {
        if (node.Attribute(attribute.Name) is { } existing)
        {
            node.Attribute.Remove(existing);
        }

        node.Attribute.Add(attribute);
    }

    /// <summary>Sets an input, with empty names (absent optional inputs) up to it.</summary>
    public static void SetInput(this NodeProto node, int index, string name)
    {
        while (node.Input.Count <= index)
        {
            node.Input.Add(string.Empty);
        }

        node.Input[index] = name;
    }

    public static string InputOrEmpty(this NodeProto node, int index) => index < node.Input.Count ? node.Input[index] : string.Empty;

    /// <summary>Puts nodes before another.</summary>
    public static void InsertBefore(this GraphProto graph, NodeProto node, params NodeProto[] added)
    {
        int at = graph.Node.IndexOf(node);
        foreach (var each in added)
        {
            graph.Node.Insert(at++, each);
        }
    }

    /// <summary>Renames a value wherever it is made or used.</summary>
    public static void Rename(this GraphProto graph, string from, string to)
    {
        if (from == to)
        {
            return;
        }

        foreach (var node in graph.Node)
        {
            Replace(node.Input, from, to);
            Replace(node.Output, from, to);
        }

        foreach (var value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo).Where(value => value.Name == from))
        {
            value.Name = to;
        }
    }

    /// <summary>Removes nodes whose results nobody uses, then inputs and initialisers without use.</summary>
    public static void RemoveUnused(this GraphProto graph)
    {
        HashSet<string> used = [.. graph.Output.Select(output => output.Name)];
        for (int i = graph.Node.Count - 1; i >= 0; i--)
        {
            var node = graph.Node[i];
            if (node.Output.Any(used.Contains))
            {
                used.UnionWith(node.Input);
            }
            else
            {
                graph.Node.RemoveAt(i);
            }
        }

        RemoveWhere(graph.Input, value => !used.Contains(value.Name));
        RemoveWhere(graph.Initializer, tensor => !used.Contains(tensor.Name));
    }

    private static void RemoveWhere<T>(Google.Protobuf.Collections.RepeatedField<T> list, Func<T, bool> predicate)
    {
        for (int i = list.Count - 1; i >= 0; i--)
        {
            if (predicate(list[i]))
            {
                list.RemoveAt(i);
            }
        }
    }

    private static void Replace(IList<string> names, string from, string to)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == from)
            {
                names[i] = to;
            }
        }
    }
}
