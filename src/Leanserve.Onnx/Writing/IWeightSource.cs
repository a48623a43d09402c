namespace Leanserve.Onnx.Writing;

/// <summary>Where the writer takes weights from: random numbers, or a construction.</summary>
public interface IWeightSource
{
    /// <summary>Fills a weight, row-major [Rows, Columns]: row r holds what output r takes from each input.</summary>
    /// <param name="tensor">Which weight.</param>
    /// <param name="destination">Rows · Columns elements, to be overwritten entirely.</param>
    void Fill(WeightTensor tensor, Span<float> destination);
}
