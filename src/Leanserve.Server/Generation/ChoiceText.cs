using System.Text;
using Leanserve.Engine;

namespace Leanserve.Server.Generation;

/// <summary>One choice while it grows.</summary>
internal sealed class ChoiceText(int index)
{
    private readonly StringBuilder text = new();

    public int Index { get; } = index;

    public string Text => text.ToString();

    public int Length => text.Length;

    public List<TokenGenerated> Tokens { get; } = [];

    public FinishReason? FinishReason { get; private set; }

    public double? Score { get; private set; }

    public void Add(TokenGenerated token)
    {
        text.Append(token.Text);
        Tokens.Add(token);
    }

    public void Finish(ChoiceFinished finished)
    {
        text.Append(finished.Text);
        FinishReason = finished.Reason;
        Score = finished.Score;
    }
}
