namespace Leanserve.Engine.Grammars;

/// <summary>A named part of a grammar, which may contain itself.</summary>
internal sealed class GrammarRule
{
    private GrammarNode? _start;

    public bool IsDefined => _start is not null;

    public GrammarNode Start
    {
        get => _start ?? throw new InvalidOperationException("The rule is used before it is defined.");
        set => _start = value;
    }
}
