using System.Text.Json.Nodes;
using Google.Protobuf;
using Leanserve.Onnx.Protos;
using Leanserve.Onnx.Writing;
using static Leanserve.Onnx.Protos.TensorProto.Types;
using static Leanserve.Onnx.Writing.GraphBuilder;

namespace Leanserve.Server.Tests.Support;

/// <summary>
/// A real ONNX encoder with the inputs and outputs of published ones, whose weights are constructed: words of one meaning share a vector, words of
/// different meanings have orthogonal ones, little words weigh little. So it is known which passage is closest to a question.
/// </summary>
internal sealed class SynonymEncoder : IDisposable
{
    public const int Dimensions = 32;
    public const int MaxTokens = 62;

    private const int Positions = 64;
    private const float LittleWord = 0.02f;

    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];

    private static readonly string[][] Meanings =
    [
        ["car", "automobile", "vehicle"], ["doctor", "physician"], ["holiday", "vacation"], ["price", "cost"], ["parcel", "package"],
        ["return", "refund"], ["office", "workplace"], ["repair", "fix"], ["food", "meal"], ["begin", "start"],
    ];

    private static readonly string[] Little = ["the", "a", "is", "of", "for", "my", "where", "who", "when", "what", ".", "?", "##s", "stands", "sees", "takes", "hall", "b"];

    public SynonymEncoder()
    {
        Vocabulary = [.. Special, .. Meanings.SelectMany(words => words), .. Little];
        WriteModel();
        Write("config.json", new JsonObject { ["model_type"] = "bert", ["hidden_size"] = Dimensions, ["vocab_size"] = Vocabulary.Count, ["max_position_embeddings"] = Positions });
        Write("tokenizer.json", Tokenizer());
        Write("1_Pooling/config.json", new JsonObject { ["word_embedding_dimension"] = Dimensions, ["pooling_mode_cls_token"] = false, ["pooling_mode_mean_tokens"] = true });
        Write("modules.json", new JsonArray(Module("Transformer"), Module("Pooling"), Module("Normalize")));
    }

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("encoder-").FullName;

    public IReadOnlyList<string> Vocabulary { get; }

    public int IdOf(string word) => Vocabulary.ToList().IndexOf(word);

    public void Write(string name, JsonNode content)
    {
        var path = Path.Combine(Directory, name);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content.ToJsonString());
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    private void WriteModel()
    {
        using var store = new TensorStore(null);
        var model = new ModelProto { IrVersion = 10, ProducerName = "leanserve", Graph = Graph(store) };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        File.WriteAllBytes(Path.Combine(Directory, "model.onnx"), model.ToByteArray());
    }

    // One layer of attention with identity projections behind the embedding, padding masked out, and a residual.
    private GraphProto Graph(TensorStore store)
    {
        var graph = new GraphBuilder(new GraphProto { Name = "encoder" });
        string[] inputs = ["input_ids", "attention_mask", "token_type_ids"];
        graph.Graph.Input.AddRange(inputs.Select(name => Value(name, DataType.Int64, "batch", "tokens")));
        graph.Graph.Output.Add(Value("last_hidden_state", DataType.Float, "batch", "tokens", Dimensions));
        graph.Graph.Initializer.Add(store.Create<float>("words", DataType.Float, Weights(), Vocabulary.Count, Dimensions));
        graph.Graph.Initializer.Add(store.Create<float>("types", DataType.Float, new float[2 * Dimensions], 2, Dimensions));
        graph.Graph.Initializer.Add(store.Create<float>("one", DataType.Float, [1f], 1));
        graph.Graph.Initializer.Add(store.Create<float>("far", DataType.Float, [-1e4f], 1));
        graph.Graph.Initializer.Add(store.Create<long>("axis", DataType.Int64, [1L], 1));
        var x = graph.Add("Add", "x", [graph.Add("Gather", "word", ["words", inputs[0]]), graph.Add("Gather", "type", ["types", inputs[2]])]);
        var keys = new NodeProto { OpType = "Transpose", Name = "keys", Attribute = { new AttributeProto { Name = "perm", Type = AttributeProto.Types.AttributeType.Ints, Ints = { 0, 2, 1 } } } };
        keys.Input.Add(x);
        keys.Output.Add("keys");
        graph.Graph.Node.Add(keys);
        var mask = graph.Add("Cast", "mask", [inputs[1]], Attribute("to", (long)DataType.Float));
        var hidden = graph.Add("Mul", "hidden", [graph.Add("Sub", "padding", ["one", mask]), "far"]);
        var scores = graph.Add("Add", "masked", [graph.Add("MatMul", "scores", [x, "keys"]), graph.Add("Unsqueeze", "bias", [hidden, "axis"])]);
        var context = graph.Add("MatMul", "context", [graph.Add("Softmax", "shares", [scores], Attribute("axis", -1L)), x]);
        graph.Add("Add", "last_hidden_state", [x, context]);
        return graph.Graph;
    }

    private float[] Weights()
    {
        var weights = new float[Vocabulary.Count * Dimensions];
        for (var id = 0; id < Vocabulary.Count; id++)
        {
            var meaning = Array.FindIndex(Meanings, words => words.Contains(Vocabulary[id]));
            var column = meaning >= 0 ? meaning : Meanings.Length + (id % (Dimensions - Meanings.Length));
            weights[(id * Dimensions) + column] = meaning >= 0 ? 1 : LittleWord;
        }

        return weights;
    }

    private JsonObject Tokenizer()
    {
        var ids = new JsonObject();
        foreach (var (id, word) in Vocabulary.Index())
        {
            ids[word] = id;
        }

        JsonNode Token(string name) => new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = name, ["type_id"] = 0 } };
        JsonNode Ids(string name) => new JsonObject { ["id"] = name, ["ids"] = new JsonArray(IdOf(name)), ["tokens"] = new JsonArray(name) };
        return new JsonObject
        {
            ["normalizer"] = new JsonObject { ["type"] = "BertNormalizer", ["clean_text"] = true, ["handle_chinese_chars"] = true, ["strip_accents"] = null, ["lowercase"] = true },
            ["pre_tokenizer"] = new JsonObject { ["type"] = "BertPreTokenizer" },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "TemplateProcessing",
                ["single"] = new JsonArray(Token("[CLS]"), new JsonObject { ["Sequence"] = new JsonObject { ["id"] = "A", ["type_id"] = 0 } }, Token("[SEP]")),
                ["special_tokens"] = new JsonObject { ["[CLS]"] = Ids("[CLS]"), ["[SEP]"] = Ids("[SEP]") },
            },
            ["model"] = new JsonObject { ["type"] = "WordPiece", ["unk_token"] = "[UNK]", ["continuing_subword_prefix"] = "##", ["max_input_chars_per_word"] = 100, ["vocab"] = ids },
        };
    }

    private static JsonNode Module(string name) => new JsonObject { ["type"] = $"sentence_transformers.models.{name}" };
}
