namespace Leanserve.Onnx.Writing;

/// <summary>One weight of a decoder, named as Llama checkpoints name it.</summary>
/// <param name="Name">Such as <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
/// <param name="Kind">What the weight does.</param>
/// <param name="Layer">Layer from 0, or −1 outside the layers.</param>
/// <param name="Rows">Outputs (or tokens, for embeddings); 1 for a norm.</param>
/// <param name="Columns">Inputs.</param>
public sealed record WeightTensor(string Name, WeightKind Kind, int Layer, int Rows, int Columns)
{
    public long Elements => (long)Rows * Columns;
}
