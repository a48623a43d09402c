using System.Text;

namespace Leanserve.Engine.Grammars;

/// <summary>Makes the nodes of one grammar from the end to the start: each part is given what comes after it.</summary>
/// <param name="alphabet">Bytes that the vocabulary can spell one by one; ways that need others are closed.</param>
internal sealed class GrammarBuilder(ByteSet alphabet)
{
    /// <summary>Most nodes of one grammar.</summary>
    public const int MaxNodes = 100_000;

    private readonly List<GrammarNode> _nodes = [];

    public GrammarNode End() => Add(new GrammarNode());

    /// <exception cref="GrammarTooLargeException">There are too many nodes.</exception>
    public GrammarNode Byte(ByteSet bytes, GrammarNode next) => Add(new GrammarNode { Bytes = bytes & alphabet, Next = next });

    public GrammarNode Literal(string text, GrammarNode next)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            next = Byte(ByteSet.Of(bytes[i]), next);
        }

        return next;
    }

    public GrammarNode Call(GrammarRule rule, GrammarNode next) => Add(new GrammarNode { Call = rule, Next = next });

    public GrammarNode AnyOf(params IReadOnlyList<GrammarNode> ways) => ways.Count switch
    {
        0 => Nothing(),
        1 => ways[0],
        _ => Add(new GrammarNode { Ways = ways }),
    };

    /// <summary>No way at all.</summary>
    public GrammarNode Nothing() => Add(new GrammarNode { Next = End() });

    /// <summary>Up to <paramref name="count"/> bytes of a set.</summary>
    public GrammarNode UpTo(int count, ByteSet bytes, GrammarNode next)
    {
        var node = next;
        for (int i = 0; i < count; i++)
        {
            node = AnyOf(Byte(bytes, node), next);
        }

        return node;
    }

    /// <summary>A part repeated any number of times.</summary>
    /// <param name="part">Builds the part, given what comes after it.</param>
    /// <param name="next">What comes after all of them.</param>
    public GrammarNode Repeat(Func<GrammarNode, GrammarNode> part, GrammarNode next)
    {
        List<GrammarNode> ways = [];
        var loop = Add(new GrammarNode { Ways = ways });
        ways.Add(part(loop));
        ways.Add(next);
        return loop;
    }

    /// <summary>Computes what every node needs to reach its end.</summary>
    public void Complete()
    {
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (var node in _nodes)
            {
                int levels = node.ComputeLevels();
                changed |= levels != node.Levels;
                node.Levels = levels;
            }
        }
    }

    private GrammarNode Add(GrammarNode node)
    {
        if (_nodes.Count == MaxNodes)
        {
            throw new GrammarTooLargeException();
        }

        _nodes.Add(node);
        return node;
    }
}
