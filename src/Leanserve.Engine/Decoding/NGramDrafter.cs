using System.Runtime.InteropServices;

namespace Leanserve.Engine.Decoding;

/// <summary>
/// Proposes how an answer goes on: as it, its prompt or its documents went on after the last words before (prompt lookup decoding, Saxena 2023). Proposes
/// longer where proposals are drawn, and rests the longer the more of them in a row are not.
/// </summary>
internal sealed class NGramDrafter(IReadOnlyList<int> prompt)
{
    /// <summary>Fewest last tokens that must have occurred before; one alone tells too little.</summary>
    private const int ShortestMatch = 2;

    /// <summary>Most last tokens compared; of several occurrences the longest match counts, then the latest.</summary>
    private const int LongestMatch = 8;

    private const int FirstLength = 3;
    private const int FirstRest = 4;
    private const int LongestRest = 64;

    private List<int>? _path;
    private readonly List<int> _answer = [];
    private int _length = FirstLength;
    private int _rest = FirstRest;
    private int _resumeAt;

    /// <summary>One more token of the answer.</summary>
    public void Append(int token)
    {
        _answer.Add(token);
        _path?.Add(token);
    }

    /// <summary>Adds up to <paramref name="limit"/> tokens, or none where nothing like the last tokens came before.</summary>
    public void Draft(int limit, List<int> tokens)
    {
        if (_answer.Count < _resumeAt)
        {
            return;
        }

        // Copied only for those who draft.
        _path ??= [.. prompt, .. _answer];
        var path = CollectionsMarshal.AsSpan(_path);
        int from = Continuation(path);
        int first = tokens.Count;
        for (int i = 0; from < path.Length && i < Math.Min(limit, _length); i++)
        {
            // Past the path's end the proposal goes on with itself, as repeated text does.
            int at = from + i;
            tokens.Add(at < path.Length ? path[at] : tokens[first + at - path.Length]);
        }
    }

    /// <summary>What became of the last proposal.</summary>
    public void Note(int drafted, int accepted)
    {
        if (accepted == 0)
        {
            _resumeAt = _answer.Count + _rest;
            _rest = Math.Min(2 * _rest, LongestRest);
            _length = FirstLength;
            return;
        }

        _rest = FirstRest;
        _length = accepted == drafted ? drafted + FirstLength : accepted + 1;
    }

    /// <summary>Where the best earlier occurrence of the path's end goes on; the path's length where there is none.</summary>
    private static int Continuation(ReadOnlySpan<int> path)
    {
        int continuation = path.Length;
        if (path.Length <= ShortestMatch)
        {
            return continuation;
        }

        var end = path[^ShortestMatch..];
        int longest = 0;
        for (var before = path[..^1]; before.LastIndexOf(end) is >= 0 and var at && longest < LongestMatch; before = path[..(at + ShortestMatch - 1)])
        {
            int match = CommonSuffix(path, at + ShortestMatch);
            if (match > longest)
            {
                (longest, continuation) = (match, at + ShortestMatch);
            }
        }

        return continuation;
    }

    private static int CommonSuffix(ReadOnlySpan<int> path, int length)
    {
        int common = 0;
        while (common < Math.Min(length, LongestMatch) && path[length - 1 - common] == path[^(common + 1)])
        {
            common++;
        }

        return common;
    }
}
