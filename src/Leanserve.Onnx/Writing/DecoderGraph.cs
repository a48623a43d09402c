using System.Numerics.Tensors;
using Leanserve.Contracts;
using Leanserve.Onnx.Protos;
using static Leanserve.Onnx.Protos.TensorProto.Types;
using static Leanserve.Onnx.Writing.GraphBuilder;

namespace Leanserve.Onnx.Writing;

/// <summary>Builds the graph of a Llama-style decoder that obeys <see cref="TreeContract"/>.</summary>
internal sealed class DecoderGraph(DecoderSpec spec, IWeightSource weights, TensorStore store)
{
    private readonly GraphBuilder _graph = new(new GraphProto { Name = "decoder" });
    private readonly ModelGeometry _geometry = spec.Geometry;
    private readonly DataType _float = spec.IsHalf ? DataType.Float16 : DataType.Float;

    public GraphProto Build()
    {
        AddInputs();
        AddRotaryCache();
        string residual = _graph.Add("Gather", "/embed", [Embedding(), TreeContract.InputIds]);
        string? branch = null;
        for (int layer = 0; layer < _geometry.Layers; layer++)
        {
            (residual, branch) = AddLayer(layer, residual, branch);
        }

        AddHead(_graph.Add("Add", "/last_residual", [residual, branch!]));
        return _graph.Graph;
    }

    private void AddInputs()
    {
        var inputs = _graph.Graph.Input;
        inputs.Add(Value(TreeContract.InputIds, DataType.Int64, 1, "S"));
        inputs.Add(Value(TreeContract.PositionIds, DataType.Int64, 1, "S"));
        inputs.Add(Value(TreeContract.AttentionBias, _float, 1, 1, "S", "total"));
        inputs.Add(Value(TreeContract.SequenceLengthsMinusOne, DataType.Int32, 1));
        inputs.Add(Value(TreeContract.TotalSequenceLength, DataType.Int32));
        inputs.Add(Value(TreeContract.LogitRows, DataType.Int64, "K"));
        _graph.Graph.Output.Add(Value(TreeContract.Logits, _float, 1, "K", _geometry.VocabularySize));
        for (int layer = 0; layer < _geometry.Layers; layer++)
        {
            inputs.Add(Cache(TreeContract.PastKey(layer)));
            inputs.Add(Cache(TreeContract.PastValue(layer)));
            _graph.Graph.Output.Add(Cache(TreeContract.PresentKey(layer)));
            _graph.Graph.Output.Add(Cache(TreeContract.PresentValue(layer)));
        }
    }

    private ValueInfoProto Cache(string name) => Value(name, _float, 1, _geometry.KeyValueHeads, "slots", _geometry.HeadSize);

    private void AddRotaryCache()
    {
        int half = spec.RotaryDimensions / 2;
        (float[] cosines, float[] sines) = RotaryCache.Compute(_geometry.MaxContextTokens, spec.RotaryDimensions, spec.RopeTheta);
        InitializeFloats("cos_cache", cosines, _geometry.MaxContextTokens, half);
        InitializeFloats("sin_cache", sines, _geometry.MaxContextTokens, half);
    }

    private string Embedding()
    {
        var tensor = new WeightTensor("model.embed_tokens.weight", WeightKind.Embedding, -1, _geometry.VocabularySize, _geometry.HiddenSize);
        InitializeFloats(tensor.Name, Read(tensor), tensor.Rows, tensor.Columns);
        return tensor.Name;
    }

    /// <summary>Residual additions are fused into the norms after them, so a layer hands on its residual and the branch not yet added.</summary>
    private (string Residual, string Branch) AddLayer(int layer, string residual, string? branch)
    {
        string at = $"/layers.{layer}";
        string normed;
        (residual, normed) = AddNorm($"{at}/input_norm", $"model.layers.{layer}.input_layernorm.weight", WeightKind.AttentionNorm, layer, residual, branch);
        string attention = AddAttention(layer, at, normed);
        (residual, normed) = AddNorm(
            $"{at}/post_norm", $"model.layers.{layer}.post_attention_layernorm.weight", WeightKind.FeedForwardNorm, layer, residual, attention);
        return (residual, AddFeedForward(layer, at, normed));
    }

    private string AddAttention(int layer, string at, string input)
    {
        int queryWidth = _geometry.AttentionHeads * _geometry.HeadSize;
        int cacheWidth = _geometry.KeyValueHeads * _geometry.HeadSize;
        string q = AddMatMul($"{at}/q", Attention("q_proj", WeightKind.Query, queryWidth, _geometry.HiddenSize), input);
        string k = AddMatMul($"{at}/k", Attention("k_proj", WeightKind.Key, cacheWidth, _geometry.HiddenSize), input);
        string v = AddMatMul($"{at}/v", Attention("v_proj", WeightKind.Value, cacheWidth, _geometry.HiddenSize), input);
        q = AddRotary($"{at}/q_rotary", q, _geometry.AttentionHeads);
        k = AddRotary($"{at}/k_rotary", k, _geometry.KeyValueHeads);
        string name = $"{at}/attention";
        _graph.Graph.Node.Add(Node(
            "GroupQueryAttention",
            MicrosoftDomain,
            name,
            [
                q, k, v, TreeContract.PastKey(layer), TreeContract.PastValue(layer), TreeContract.SequenceLengthsMinusOne,
                TreeContract.TotalSequenceLength, string.Empty, string.Empty, string.Empty, TreeContract.AttentionBias,
            ],
            [name, TreeContract.PresentKey(layer), TreeContract.PresentValue(layer)],
            Attribute("num_heads", _geometry.AttentionHeads),
            Attribute("kv_num_heads", _geometry.KeyValueHeads),
            Attribute("do_rotary", 0),
            Attribute("scale", 1 / MathF.Sqrt(_geometry.HeadSize))));
        return AddMatMul($"{at}/o", Attention("o_proj", WeightKind.AttentionOutput, _geometry.HiddenSize, queryWidth), name);

        WeightTensor Attention(string projection, WeightKind kind, int rows, int columns) =>
            new($"model.layers.{layer}.self_attn.{projection}.weight", kind, layer, rows, columns);
    }

    private string AddRotary(string name, string input, int heads) => _graph.AddMicrosoft(
        "RotaryEmbedding",
        name,
        [input, TreeContract.PositionIds, "cos_cache", "sin_cache"],
        Attribute("interleaved", 0),
        Attribute("num_heads", heads),
        Attribute("rotary_embedding_dim", spec.RotaryDimensions == _geometry.HeadSize ? 0 : spec.RotaryDimensions));

    private string AddFeedForward(int layer, string at, string input)
    {
        string gate = AddMatMul($"{at}/gate", FeedForward("gate_proj", WeightKind.Gate, _geometry.IntermediateSize, _geometry.HiddenSize), input);
        string up = AddMatMul($"{at}/up", FeedForward("up_proj", WeightKind.Up, _geometry.IntermediateSize, _geometry.HiddenSize), input);
        string sigmoid = _graph.Add("Sigmoid", $"{at}/sigmoid", [gate]);
        string silu = _graph.Add("Mul", $"{at}/silu", [gate, sigmoid]);
        string gated = _graph.Add("Mul", $"{at}/gated", [silu, up]);
        return AddMatMul($"{at}/down", FeedForward("down_proj", WeightKind.Down, _geometry.HiddenSize, _geometry.IntermediateSize), gated);

        WeightTensor FeedForward(string projection, WeightKind kind, int rows, int columns) =>
            new($"model.layers.{layer}.mlp.{projection}.weight", kind, layer, rows, columns);
    }

    private (string Residual, string Normed) AddNorm(string name, string weight, WeightKind kind, int layer, string residual, string? branch)
    {
        InitializeFloats(weight, Read(new WeightTensor(weight, kind, layer, 1, _geometry.HiddenSize)), _geometry.HiddenSize);
        if (branch is null)
        {
            var epsilon = Attribute("epsilon", spec.RmsNormEpsilon);
            return (residual, _graph.Add("SimplifiedLayerNormalization", name, [residual, weight], epsilon, Attribute("axis", -1)));
        }

        string sum = $"{name}/residual";
        _graph.Graph.Node.Add(Node(
            "SkipSimplifiedLayerNormalization",
            MicrosoftDomain,
            name,
            [residual, branch, weight],
            [name, string.Empty, string.Empty, sum],
            Attribute("epsilon", spec.RmsNormEpsilon)));
        return (sum, name);
    }

    private void AddHead(string residual)
    {
        string rows = _graph.Add("Gather", "/logit_rows", [residual, TreeContract.LogitRows], Attribute("axis", 1));
        (_, string normed) = AddNorm("/final_norm", "model.norm.weight", WeightKind.FinalNorm, -1, rows, null);
        string head = spec.TieEmbeddings && spec.Precision != WeightPrecision.Int4
            ? AddTiedHead(normed)
            : AddMatMul("/head", HeadWeight(), normed);
        _graph.Graph.Node.Add(Node("Identity", string.Empty, "/logits", [head], [TreeContract.Logits]));
    }

    /// <summary>Reads the embedding matrix transposed where it lies, instead of storing it twice.</summary>
    private string AddTiedHead(string normed)
    {
        Initialize<long>("/head/rows_by_hidden", DataType.Int64, [-1, _geometry.HiddenSize], 2);
        Initialize<long>("/head/batch_axis", DataType.Int64, [0], 1);
        string flat = _graph.Add("Reshape", "/head/flat", [normed, "/head/rows_by_hidden"]);
        string logits = _graph.Add("Gemm", "/head/gemm", [flat, "model.embed_tokens.weight"], Attribute("transB", 1));
        return _graph.Add("Unsqueeze", "/head/batched", [logits, "/head/batch_axis"]);
    }

    private WeightTensor HeadWeight() => spec.TieEmbeddings
        ? new WeightTensor("model.embed_tokens.weight", WeightKind.Embedding, -1, _geometry.VocabularySize, _geometry.HiddenSize)
        : new WeightTensor("lm_head.weight", WeightKind.OutputHead, -1, _geometry.VocabularySize, _geometry.HiddenSize);

    private string AddMatMul(string name, WeightTensor tensor, string input)
    {
        float[] values = Read(tensor);
        if (spec.Precision == WeightPrecision.Int4)
        {
            return AddInt4MatMul(name, tensor, values, input);
        }

        var transposed = new float[values.Length];
        Transpose(values, transposed, tensor.Rows, tensor.Columns);
        InitializeFloats(tensor.Name, transposed, tensor.Columns, tensor.Rows);
        return _graph.Add("MatMul", name, [input, tensor.Name]);
    }

    private string AddInt4MatMul(string name, WeightTensor tensor, float[] values, string input)
    {
        int block = WeightPrecisionSize.QuantizationBlock;
        int blocks = tensor.Columns / block;
        var packed = new byte[values.Length / 2];
        var scales = new float[values.Length / block];
        Int4Quantizer.Quantize(values, packed, scales);
        string quantized = $"{tensor.Name}.int4";
        Initialize<byte>(quantized, DataType.Uint8, packed, tensor.Rows, blocks, block / 2);
        InitializeFloats($"{tensor.Name}.scales", scales, tensor.Rows, blocks);
        return _graph.AddMicrosoft(
            "MatMulNBits",
            name,
            [input, quantized, $"{tensor.Name}.scales"],
            Attribute("K", tensor.Columns),
            Attribute("N", tensor.Rows),
            Attribute("bits", 4),
            Attribute("block_size", block),
            Attribute("accuracy_level", 4));
    }

    private static void Transpose(float[] source, float[] destination, int rows, int columns)
    {
        const int Tile = 32;
        Parallel.For(0, (rows + Tile - 1) / Tile, tile =>
        {
            int end = Math.Min(rows, (tile + 1) * Tile);
            for (int column = 0; column < columns; column++)
            {
                for (int row = tile * Tile; row < end; row++)
                {
                    destination[((long)column * rows) + row] = source[((long)row * columns) + column];
                }
            }
        });
    }

    private float[] Read(WeightTensor tensor)
    {
        var values = GC.AllocateUninitializedArray<float>(checked((int)tensor.Elements));
        weights.Fill(tensor, values);
        return values;
    }

    private void InitializeFloats(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> dims)
    {
        if (!spec.IsHalf)
        {
            Initialize(name, DataType.Float, values, dims);
            return;
        }

        var halves = new Half[values.Length];
        TensorPrimitives.ConvertToHalf(values, halves);
        Initialize<Half>(name, DataType.Float16, halves, dims);
    }

    private void Initialize<T>(string name, DataType type, ReadOnlySpan<T> data, params ReadOnlySpan<long> dims)
        where T : unmanaged => _graph.Graph.Initializer.Add(store.Create(name, type, data, dims));
}
