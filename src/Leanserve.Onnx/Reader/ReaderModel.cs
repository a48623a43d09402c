using Leanserve.Contracts;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Reader;

/// <summary>
/// A Llama-style model of 2 million constructed weights that reads: it finds the question's last words in its context and copies what follows to the
/// end of the sentence, over any words, or says that the documents do not hold them. A circuit for demos and tests, not a language model.
/// </summary>
public static class ReaderModel
{
    /// <summary>What the reader answers where the context does not hold the question's words.</summary>
    public const string Refusal = "Not in the documents.";

    private const int ContextTokens = 4096;

    /// <summary>Writes the model folder.</summary>
    /// <param name="directory">Created if it is missing.</param>
    /// <param name="precision"><see cref="WeightPrecision.Float32"/> or <see cref="WeightPrecision.Int4"/>; the answers are the same.</param>
    public static void Write(string directory, WeightPrecision precision = WeightPrecision.Float32)
    {
        var vocabulary = new ReaderVocabulary();
        var embedding = new ReaderEmbedding(vocabulary);
        var spec = new DecoderSpec
        {
            Geometry = new ModelGeometry
            {
                Parameters = 0,
                Layers = 4,
                HiddenSize = ReaderLayout.HiddenSize,
                AttentionHeads = ReaderHead.Heads,
                KeyValueHeads = 1,
                HeadSize = ReaderHead.Size,
                IntermediateSize = 32,
                VocabularySize = vocabulary.Spellings.Count,
                MaxContextTokens = ContextTokens,
            },
            Precision = precision,
            RopeTheta = ReaderHead.RotaryTheta,
            PartialRotaryFactor = (double)ReaderHead.RotaryDimensions / ReaderHead.Size,
            TieEmbeddings = true,
        };
        ModelWriter.Write(directory, spec, new ReaderWeights(embedding), vocabulary.Spec);
    }
}
