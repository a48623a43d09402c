using System.Text;

namespace Leanserve.Onnx;

/// <summary>
/// Byte-pair merging of very long words in O(n log n): the general tokenizer takes quadratic time, so that a word of a million letters would hold a
/// core for minutes. Same result: the lowest rank first, the leftmost of equal ones.
/// </summary>
internal sealed class LongWordBpe
{
    /// <summary>Words of more UTF-16 units than this are worth it.</summary>
    public const int MinLength = 512;

    private const int None = -1;

    private readonly int[] _byteTokens;
    private readonly Dictionary<(int Left, int Right), (int Rank, int Merged)> _merges = [];

    public LongWordBpe(TokenizerFile file)
    {
        _byteTokens = [.. ByteLevel.Alphabet.Select(character => file.Vocabulary.GetValueOrDefault(character.ToString(), None))];
        for (int rank = 0; rank < file.Merges.Count; rank++)
        {
            string merge = file.Merges[rank];
            int space = merge.IndexOf(' ');
            if (space > 0
                && file.Vocabulary.TryGetValue(merge[..space], out int left)
                && file.Vocabulary.TryGetValue(merge[(space + 1)..], out int right)
                && file.Vocabulary.TryGetValue(merge.Remove(space, 1), out int merged))
            {
                _merges.TryAdd((left, right), (rank, merged));
            }
        }
    }

    /// <summary>Appends the word's tokens; bytes that the vocabulary lacks are left out.</summary>
    public void Encode(string word, List<int> tokens)
    {
        int[] symbols = [.. Encoding.UTF8.GetBytes(word).Select(value => _byteTokens[value]).Where(token => token != None)];
        var next = new int[symbols.Length];
        var previous = new int[symbols.Length];
        var queue = new PriorityQueue<(int Position, int Left, int Right), (int Rank, int Position)>();
        for (int i = 0; i < symbols.Length; i++)
        {
            (previous[i], next[i]) = (i - 1, i + 1 < symbols.Length ? i + 1 : None);
            Offer(queue, symbols, next, i);
        }

        while (queue.TryDequeue(out var pair, out _))
        {
            int position = pair.Position;
            int right = next[position];
            // A pair whose parts have been merged away since it was found is out of date.
            if (symbols[position] != pair.Left || right == None || symbols[right] != pair.Right)
            {
                continue;
            }

            symbols[position] = _merges[(pair.Left, pair.Right)].Merged;
            symbols[right] = None;
            next[position] = next[right];
            if (next[right] != None)
            {
                previous[next[right]] = position;
            }

            Offer(queue, symbols, next, position);
            Offer(queue, symbols, next, previous[position]);
        }

        for (int i = symbols.Length > 0 ? 0 : None; i != None; i = next[i])
        {
            tokens.Add(symbols[i]);
        }
    }

    private void Offer(
        PriorityQueue<(int Position, int Left, int Right), (int Rank, int Position)> queue, int[] symbols, int[] next, int position)
    {
        if (position != None && next[position] != None
            && _merges.TryGetValue((symbols[position], symbols[next[position]]), out var merge))
        {
            queue.Enqueue((position, symbols[position], symbols[next[position]]), (merge.Rank, position));
        }
    }
}
