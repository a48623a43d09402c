using static Leanserve.Onnx.Reader.ReaderLayout;

namespace Leanserve.Onnx.Reader;

/// <summary>What each token brings into the residual stream: a code to be compared, an identity to be written, and its flags.</summary>
internal sealed class ReaderEmbedding
{
    /// <summary>The constant element: next to it all others change the norm by less than 1 part in 10,000.</summary>
    public const float ConstantValue = 4096;

    private readonly ReaderVocabulary _vocabulary;
    private readonly Dictionary<string, int> _classes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _forms = new(StringComparer.Ordinal);

    public ReaderEmbedding(ReaderVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        foreach (var token in vocabulary.Spellings.Where(spelling => !vocabulary.IsMarker(spelling)).Select(spelling => new ReaderToken(spelling)))
        {
            _classes.TryAdd(token.Class, _classes.Count);
            _forms.TryAdd(token.Form, _forms.Count);
        }

        if (_classes.Count > ReedMullerCode.Count || _forms.Count > KerdockCode.Count)
        {
            throw new InvalidOperationException(
                $"The vocabulary has {_classes.Count} classes and {_forms.Count} forms; the codes reach {ReedMullerCode.Count} and {KerdockCode.Count}. List fewer words.");
        }
    }

    /// <summary>Distinct codes in use; at most <see cref="ReedMullerCode.Count"/>.</summary>
    public int Classes => _classes.Count;

    /// <summary>Distinct identities in use; at most <see cref="KerdockCode.Count"/>.</summary>
    public int Forms => _forms.Count;

    /// <summary>Element of the identity of the refusal.</summary>
    public int RefusalSign(int position) => KerdockCode.Sign(_forms[_vocabulary.Refusal], position);

    /// <summary>Fills [vocabulary, hidden]; ids past the vocabulary stay markers of nothing.</summary>
    public void Fill(WeightGrid rows)
    {
        for (int id = 0; id < _vocabulary.Spellings.Count; id++)
        {
            string spelling = _vocabulary.Spellings[id];
            rows[id, Constant] = ConstantValue;
            if (_vocabulary.IsMarker(spelling))
            {
                FillMarker(rows, id, spelling);
            }
            else
            {
                FillText(rows, id, new ReaderToken(spelling), spelling == _vocabulary.Refusal);
            }
        }
    }

    private static void FillMarker(WeightGrid rows, int id, string spelling)
    {
        bool isBegin = spelling == ReaderVocabulary.Begin;
        bool isTurn = spelling is ReaderVocabulary.System or ReaderVocabulary.User;
        bool isEnd = spelling == ReaderVocabulary.End;
        rows[id, IsMarker] = 1;
        rows[id, IsBegin] = Flag(isBegin);
        rows[id, IsNotSource] = Flag(!isBegin);
        rows[id, IsTurn] = Flag(isTurn);
        rows[id, IsEnd] = Flag(isEnd);
        rows[id, IsWall] = Flag(isBegin || isTurn || isEnd);
        rows[id, IsAssistant] = Flag(spelling == ReaderVocabulary.Assistant);

        // Where nothing is found the begin token is what follows, and after it a sentence may open.
        rows[id, Opens] = Flag(isBegin);
        rows[id, EndOfAnswer] = Flag(isEnd);
    }

    private void FillText(WeightGrid rows, int id, ReaderToken token, bool isRefusal)
    {
        for (int i = 0; i < ReedMullerCode.Length; i++)
        {
            rows[id, Code(0) + i] = ReedMullerCode.Sign(_classes[token.Class], i);
        }

        for (int i = 0; i < KerdockCode.Length; i++)
        {
            rows[id, Identity + i] = KerdockCode.Sign(_forms[token.Form], i);
        }

        rows[id, Content] = rows[id, LastTwo] = rows[id, LastThree] = 1;
        rows[id, Space] = token.HasSpace ? 1 : -1;
        rows[id, IsTerminal] = Flag(token.IsTerminal);
        rows[id, IsTitle] = Flag(token.IsTitle);
        rows[id, IsNewLine] = Flag(token.IsNewLine);
        rows[id, Opens] = Flag(token.Opens);
        rows[id, IsRefusal] = Flag(isRefusal);
    }

    private static float Flag(bool value) => value ? 1 : 0;
}
