using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Reader;

/// <summary>The reader's weights, computed rather than trained: see <c>config/docs/reader.md</c> for what each layer does and why it is exact.</summary>
internal sealed class ReaderWeights(ReaderEmbedding embedding) : IWeightSource
{
    // Sure at temperature 1 (a wrong token about once in 100,000), not at 2: sampling costs what it costs a trained model that is sure of itself.
    private const float BestLogit = 24;
    private const float SpaceLogit = 8;
    private const float EndLogit = 60;

    /// <inheritdoc/>
    public void Fill(WeightTensor tensor, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        destination.Clear();
        var weights = new WeightGrid(destination, tensor.Columns);
        switch (tensor.Kind)
        {
            case WeightKind.Embedding:
                embedding.Fill(weights);
                break;
            case WeightKind.AttentionNorm or WeightKind.FeedForwardNorm:
                FillNorm(destination);
                break;
            case WeightKind.FinalNorm:
                FillFinalNorm(destination);
                break;
            default:
                FillLayer(tensor, weights);
                break;
        }
    }

    private void FillLayer(WeightTensor tensor, WeightGrid weights)
    {
        switch (tensor.Layer)
        {
            case 0:
                FillTurnLayer(tensor.Kind, weights);
                break;
            case 1:
                FillShiftLayer(ShiftLayer.First, tensor.Kind, weights);
                break;
            case 2:
                FillShiftLayer(ShiftLayer.Second, tensor.Kind, weights);
                break;
            default:
                FillMatchLayer(tensor.Kind, weights);
                break;
        }
    }

    private static void FillTurnLayer(WeightKind kind, WeightGrid weights)
    {
        switch (kind)
        {
            case WeightKind.Query:
                TurnLayer.FillQuery(weights);
                break;
            case WeightKind.Key:
                TurnLayer.FillKey(weights);
                break;
            case WeightKind.Value:
                TurnLayer.FillValue(weights);
                break;
            case WeightKind.AttentionOutput:
                TurnLayer.FillOutput(weights);
                break;
        }
    }

    private static void FillShiftLayer(ShiftLayer layer, WeightKind kind, WeightGrid weights)
    {
        switch (kind)
        {
            case WeightKind.Query:
                layer.FillQuery(weights);
                break;
            case WeightKind.Key:
                ShiftLayer.FillKey(weights);
                break;
            case WeightKind.Value:
                ShiftLayer.FillValue(weights);
                break;
            case WeightKind.AttentionOutput:
                layer.FillOutput(weights);
                break;
        }
    }

    private void FillMatchLayer(WeightKind kind, WeightGrid weights)
    {
        switch (kind)
        {
            case WeightKind.Query:
                MatchLayer.FillQuery(weights);
                break;
            case WeightKind.Key:
                MatchLayer.FillKey(weights);
                break;
            case WeightKind.Value:
                MatchLayer.FillValue(weights, embedding);
                break;
            case WeightKind.AttentionOutput:
                MatchLayer.FillOutput(weights);
                break;
            case WeightKind.Gate:
                MatchLayer.FillGate(weights);
                break;
            case WeightKind.Up:
                MatchLayer.FillUp(weights);
                break;
            case WeightKind.Down:
                MatchLayer.FillDown(weights);
                break;
        }
    }

    /// <summary>Gives every element back as it was before the norm, and 1 for the constant.</summary>
    private static void FillNorm(Span<float> gains)
    {
        gains.Fill(RootMeanSquare);
        gains[ReaderLayout.Constant] = RootMeanSquare / ReaderEmbedding.ConstantValue;
    }

    /// <summary>Lets through only what the output head reads.</summary>
    private static void FillFinalNorm(Span<float> gains)
    {
        gains.Slice(ReaderLayout.Identity, KerdockCode.Length).Fill(RootMeanSquare * BestLogit / (KerdockCode.Length * MatchLayer.CopyGain));
        gains[ReaderLayout.Space] = RootMeanSquare * SpaceLogit / MatchLayer.CopyGain;
        gains[ReaderLayout.EndOfAnswer] = RootMeanSquare * EndLogit;
    }

    private static float RootMeanSquare => ReaderEmbedding.ConstantValue / MathF.Sqrt(ReaderLayout.HiddenSize);
}
