namespace Leanserve.Engine.Grammars;

/// <summary>
/// Reads bytes along a grammar. States are sets of stacks, made when they are first reached and kept. Not thread-safe: only the engine's loop reads.
/// </summary>
internal sealed class GrammarAutomaton
{
    /// <summary>Deepest nesting of rules: more than twice that of a document, whose values and members are rules.</summary>
    public const int MaxDepth = 64;

    private const int MaxStates = 20_000;

    // An ambiguous grammar may go on in very many ways; any of them is a valid one, so that the surplus can be let go.
    private const int MaxStacks = 256;

    private readonly Dictionary<(GrammarNode Node, int Below), GrammarStack> _stacks = [];
    private readonly Dictionary<string, GrammarState> _states = new(StringComparer.Ordinal);
    private int _lastId;

    /// <param name="start">The rule of the whole text, completed and satisfiable.</param>
    public GrammarAutomaton(GrammarRule start) => Start = StateOf([Intern(start.Start, null)]);

    public GrammarState Start { get; }

    /// <summary>Where a byte leads, or null where it may not come next.</summary>
    public GrammarState? Read(GrammarState state, byte value)
    {
        if (!state.Next.TryGetValue(value, out var next))
        {
            var moved = state.Stacks.Where(stack => stack.Node.Bytes.Contains(value)).Select(stack => Intern(stack.Node.Next!, stack.Below)).ToList();
            next = moved.Count == 0 ? null : StateOf(moved);
            state.Next[value] = next;
        }

        return next;
    }

    /// <summary>The state of all places that can be reached from some without reading anything.</summary>
    private GrammarState StateOf(IEnumerable<GrammarStack> places)
    {
        HashSet<GrammarStack> seen = [];
        Stack<GrammarStack> open = new(places);
        List<GrammarStack> reading = [];
        bool isComplete = false;
        while (open.TryPop(out var stack))
        {
            if (stack.Node.Levels > MaxDepth - stack.Depth || !seen.Add(stack))
            {
                continue;
            }

            if (stack.Node.ReadsByte)
            {
                reading.Add(stack);
            }
            else if (stack.Node.EndsRule && stack.Below is null)
            {
                isComplete = true;
            }
            else
            {
                Expand(stack, open);
            }
        }

        return Share([.. reading.OrderBy(stack => stack.Id).Take(MaxStacks)], isComplete);
    }

    private void Expand(GrammarStack stack, Stack<GrammarStack> open)
    {
        var node = stack.Node;
        if (node.Call is { } rule)
        {
            open.Push(Intern(rule.Start, Intern(node.Next!, stack.Below)));
        }
        else if (node.EndsRule)
        {
            open.Push(stack.Below!);
        }

        foreach (var way in node.Ways)
        {
            open.Push(Intern(way, stack.Below));
        }
    }

    private GrammarStack Intern(GrammarNode node, GrammarStack? below)
    {
        var key = (node, below?.Id ?? 0);
        if (!_stacks.TryGetValue(key, out var stack))
        {
            _stacks[key] = stack = new GrammarStack(node, below, ++_lastId);
        }

        return stack;
    }

    private GrammarState Share(GrammarStack[] stacks, bool isComplete)
    {
        string key = string.Join(',', stacks.Select(stack => stack.Id)) + (isComplete ? "." : string.Empty);
        if (_states.TryGetValue(key, out var state))
        {
            return state;
        }

        if (_states.Count == MaxStates)
        {
            // Answers in progress hold on to the states they are in, which go on to work; the start's links would keep all others.
            foreach (var known in _states.Values)
            {
                known.Next.Clear();
                known.Mask = null;
            }

            _states.Clear();
            _stacks.Clear();
        }

        return _states[key] = new GrammarState(stacks, isComplete);
    }
}
