using Leanserve.Engine;

namespace Leanserve.Onnx.Tests.Support;

/// <summary>All that a request reported.</summary>
internal sealed class Answer
{
    public SortedDictionary<int, List<TokenGenerated>> Choices { get; } = [];

    public SortedDictionary<int, ChoiceFinished> Ends { get; } = [];

    public GenerationFinished? Finished { get; private set; }

    public int[] Tokens(int choice = 0) => Choices.TryGetValue(choice, out var tokens) ? [.. tokens.Select(token => token.Token)] : [];

    public string Text(int choice = 0) =>
        string.Concat(Choices.TryGetValue(choice, out var tokens) ? tokens.Select(token => token.Text) : []) + Ends[choice].Text;

    public void Take(GenerationEvent generationEvent)
    {
        switch (generationEvent)
        {
            case TokenGenerated token:
                (Choices.TryGetValue(token.Choice, out var tokens) ? tokens : Choices[token.Choice] = []).Add(token);
                break;
            case ChoiceFinished end:
                Ends[end.Choice] = end;
                break;
            case GenerationFinished finished:
                Finished = finished;
                break;
            default:
                throw new InvalidOperationException($"An unknown event: {generationEvent}");
        }
    }
}
