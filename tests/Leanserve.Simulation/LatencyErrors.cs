namespace Leanserve.Simulation;

/// <summary>Relative errors of predicted latencies against simulated ones; 0.1 is a tenth too much.</summary>
/// <param name="FirstTokenMedian">Of the median time to first token.</param>
/// <param name="FirstToken95">Of its 95th percentile.</param>
/// <param name="AnswerMedian">Of the median time to the whole answer.</param>
/// <param name="Answer95">Of its 95th percentile.</param>
public readonly record struct LatencyErrors(double FirstTokenMedian, double FirstToken95, double AnswerMedian, double Answer95)
{
    /// <summary>The largest of the four, without its sign.</summary>
    public double Worst => Math.Max(Math.Max(Math.Abs(FirstTokenMedian), Math.Abs(FirstToken95)), Math.Max(Math.Abs(AnswerMedian), Math.Abs(Answer95)));
}
