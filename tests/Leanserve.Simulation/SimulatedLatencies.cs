namespace Leanserve.Simulation;

/// <summary>What the clients of one replica saw.</summary>
public sealed class SimulatedLatencies
{
    private readonly double[] firstToken;
    private readonly double[] answer;
    private readonly double[] sortedFirstToken;
    private readonly double[] sortedAnswer;

    /// <param name="firstToken">Seconds to the first token, by request; NaN for the refused.</param>
    /// <param name="answer">Seconds to the whole answer, by request; NaN for the refused.</param>
    internal SimulatedLatencies(double[] firstToken, double[] answer)
    {
        this.firstToken = firstToken;
        this.answer = answer;
        sortedFirstToken = Sorted(firstToken);
        sortedAnswer = Sorted(answer);
    }

    /// <summary>Requests that arrived.</summary>
    public int Requests => firstToken.Length;

    /// <summary>Share of requests turned away because the queue was full.</summary>
    public double Refused => 1 - ((double)sortedAnswer.Length / Requests);

    /// <summary>Share of the time with at least one request in service.</summary>
    public required double Busy { get; init; }

    /// <summary>Mean requests in service.</summary>
    public required double MeanInService { get; init; }

    /// <summary>Mean seconds to the whole answer of the admitted requests.</summary>
    public double MeanAnswerSeconds => sortedAnswer.Average();

    /// <summary>Seconds to the first token that a share of the admitted requests stay below.</summary>
    public double FirstTokenQuantile(double share) => Quantile(sortedFirstToken, share);

    /// <summary>Seconds to the whole answer that a share of the admitted requests stay below.</summary>
    public double AnswerQuantile(double share) => Quantile(sortedAnswer, share);

    /// <summary>Share of requests that start and end in time, the refused ones counted as late.</summary>
    public double ShareWithin(double firstTokenSeconds, double answerSeconds) =>
        (double)firstToken.Zip(answer).Count(pair => pair.First <= firstTokenSeconds && pair.Second <= answerSeconds) / Requests;

    /// <summary>The same for some of the requests, chosen by their order of arrival.</summary>
    public SimulatedLatencies Of(Func<int, bool> isChosen)
    {
        double[] Chosen(double[] values) => [.. values.Where((_, index) => isChosen(index))];
        return new SimulatedLatencies(Chosen(firstToken), Chosen(answer)) { Busy = Busy, MeanInService = MeanInService };
    }

    private static double[] Sorted(double[] values) => [.. values.Where(value => !double.IsNaN(value)).Order()];

    private static double Quantile(double[] sorted, double share) => sorted.Length == 0 ? double.NaN : sorted[(int)(share * (sorted.Length - 1))];
}
