namespace Leanserve.Simulation;

/// <summary>A request whose prompt is not complete yet.</summary>
internal sealed class PromptInComputation(int request, double tokens)
{
    public int Request { get; } = request;

    /// <summary>Tokens whose keys and values exist.</summary>
    public double Computed { get; set; }

    public double Left { get; set; } = tokens;

    /// <summary>Tokens of it in the next step.</summary>
    public double Piece { get; set; }
}
