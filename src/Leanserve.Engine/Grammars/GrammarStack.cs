namespace Leanserve.Engine.Grammars;

/// <summary>A place in a rule and, below it, the places where the rules that led there go on. Equal stacks are one object.</summary>
internal sealed class GrammarStack(GrammarNode node, GrammarStack? below, int id)
{
    public GrammarNode Node => node;

    public GrammarStack? Below => below;

    /// <summary>Rules entered, this one included.</summary>
    public int Depth { get; } = 1 + (below?.Depth ?? 0);

    public int Id => id;
}
