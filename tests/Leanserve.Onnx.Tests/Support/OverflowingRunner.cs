using Leanserve.Engine;

namespace Leanserve.Onnx.Tests.Support;

/// <summary>A real runner, but for one token after which activations leave the range of their type, as in a model of 16 bits.</summary>
internal sealed class OverflowingRunner(IModelRunner inner, int token) : WrappedRunner(inner)
{
    public override ReadOnlySpan<float> Run(ModelStep step)
    {
        float[] logits = base.Run(step).ToArray();
        for (int row = 0; row < step.LogitRows.Length; row++)
        {
            if (step.TokenIds.Span[(int)step.LogitRows.Span[row]] == token)
            {
                logits.AsSpan(row * Geometry.VocabularySize, Geometry.VocabularySize).Fill(float.NaN);
            }
        }

        return logits;
    }
}
