using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx;
using Leanserve.Onnx.Writing;
using Leanserve.Server.Tests.Support;

[assembly: AssemblyFixture(typeof(TinyModel))]

namespace Leanserve.Server.Tests.Support;

/// <summary>A real ONNX model of two layers with random weights and a tokenizer of single bytes, written once for all tests.</summary>
public sealed class TinyModel : IDisposable
{
    public const int ContextTokens = 8192;

    public TinyModel()
    {
        var geometry = new ModelGeometry
        {
            Parameters = 0,
            Layers = 2,
            HiddenSize = 32,
            AttentionHeads = 4,
            KeyValueHeads = 2,
            HeadSize = 8,
            IntermediateSize = 64,
            VocabularySize = 264,
            MaxContextTokens = ContextTokens,
        };
        ModelWriter.Write(Directory, new DecoderSpec { Geometry = geometry }, new RandomWeights(7), new TokenizerSpec());
        ModelWriter.Write(BaseDirectory, new DecoderSpec { Geometry = geometry }, new RandomWeights(7), new TokenizerSpec
        {
            ChatTemplate = "{{ messages }}",
            Merges = [("a", "a"), ("aa", "aa"), ("aaaa", "aaaa")],
        });
        Tokenizer = ModelFolder.Open(Directory).Tokenizer;
    }

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("tiny-model-").FullName;

    /// <summary>The same model with a chat template of no known family, and a tokenizer that merges runs of the letter a.</summary>
    public string BaseDirectory { get; } = System.IO.Directory.CreateTempSubdirectory("tiny-base-").FullName;

    public ITokenizer Tokenizer { get; }

    /// <summary>A bias that keeps an answer from ending before its length limit.</summary>
    public Dictionary<string, int> NeverEnd => Tokenizer.EndTokens.ToDictionary(token => $"{token}", _ => -100);

    public void Dispose()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        System.IO.Directory.Delete(BaseDirectory, recursive: true);
    }
}
