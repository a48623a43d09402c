using static Leanserve.Onnx.Reader.ReaderHead;
using static Leanserve.Onnx.Reader.ReaderLayout;

namespace Leanserve.Onnx.Reader;

/// <summary>
/// Layer 3. Head 0 compares the last eight tokens with the eight before each token of the context and copies the identity of those that follow a full
/// match; else it rests on the begin token, whose identity is the refusal. The feed-forward network decides whether the answer is over.
/// </summary>
internal static class MatchLayer
{
    /// <summary>Weight of what is copied against what the token itself brings.</summary>
    public const float CopyGain = 16;

    private const float ScorePerToken = 120;
    private const float Threshold = 0.25f;
    private const float Exclusion = 1000;
    private const float Sharpness = 40;

    private const int NextOpensValue = ValueFlags + 32;
    private const int NextNewLineValue = ValueFlags + 33;
    private const int NoMatchValue = ValueFlags + 34;
    private const int SpaceValue = ValueFlags + 35;

    private const int AfterSentence = 0;
    private const int AtNewLine = 1;
    private const int AtLoss = 2;
    private const int AfterRefusal = 3;
    private const int AtStart = 4;

    public static void FillQuery(WeightGrid weights)
    {
        float score = ScorePerToken * MathF.Sqrt(Size);
        for (int back = 0; back < Window; back++)
        {
            weights.Copy(Codes + (back * ReedMullerCode.Length), Code(back), ReedMullerCode.Length, score / ReedMullerCode.Length);
        }

        // The begin token scores as many matches as there are tokens to match, less a quarter; a question without text never matches.
        weights[Begin, LastThree] = weights[Begin, Earlier] = score;
        weights[Begin, Content] = -Window * score;
        weights[Begin, Constant] = (Window - Threshold) * score;
        weights[Excluded, Constant] = -Exclusion * score;
    }

    public static void FillKey(WeightGrid weights)
    {
        for (int back = 0; back < Window; back++)
        {
            weights.Copy(Codes + (back * ReedMullerCode.Length), Code(back + 1), ReedMullerCode.Length);
        }

        weights[Begin, IsBegin] = 1;
        weights[Excluded, IsNotSource] = 1;
    }

    public static void FillValue(WeightGrid weights, ReaderEmbedding embedding)
    {
        weights.Copy(0, Identity, KerdockCode.Length);
        for (int i = 0; i < KerdockCode.Length; i++)
        {
            weights[i, IsBegin] = embedding.RefusalSign(i);
        }

        weights[SpaceValue, Space] = 1;
        weights[SpaceValue, IsBegin] = -1;
        weights[NextOpensValue, Opens] = 1;
        weights[NextNewLineValue, IsNewLine] = 1;
        weights[NoMatchValue, IsBegin] = 1;
    }

    public static void FillOutput(WeightGrid weights)
    {
        weights.Copy(Identity, 0, KerdockCode.Length, CopyGain);
        weights[Space, SpaceValue] = CopyGain;
        weights[NextOpens, NextOpensValue] = 1;
        weights[NextIsNewLine, NextNewLineValue] = 1;
        weights[NoMatch, NoMatchValue] = 1;
    }

    public static void FillGate(WeightGrid weights)
    {
        All(weights, AfterSentence, [IsTerminal, NextOpens], [PreviousIsTitle]);
        All(weights, AtNewLine, [NextIsNewLine], [IsAssistant, IsNewLine]);
        All(weights, AtLoss, [InAnswer, NoMatch], [IsAssistant]);
        All(weights, AfterRefusal, [IsRefusal], []);
        All(weights, AtStart, [IsAssistant], []);
    }

    public static void FillUp(WeightGrid weights)
    {
        for (int unit = 0; unit <= AtStart; unit++)
        {
            weights[unit, Constant] = 2 / Sharpness;
        }
    }

    public static void FillDown(WeightGrid weights)
    {
        for (int unit = 0; unit < AtStart; unit++)
        {
            weights[EndOfAnswer, unit] = 1;
        }

        // An answer of its own starts without the space that its first word has in the document.
        weights[Space, AtStart] = -2 * CopyGain;
    }

    /// <summary>A unit that is half its sharpness where all of these are 1 and none of those, and 0 otherwise.</summary>
    private static void All(WeightGrid weights, int unit, ReadOnlySpan<int> needed, ReadOnlySpan<int> absent)
    {
        foreach (int flag in needed)
        {
            weights[unit, flag] = Sharpness;
        }

        foreach (int flag in absent)
        {
            weights[unit, flag] = -Sharpness;
        }

        weights[unit, Constant] = Sharpness * (0.5f - needed.Length);
    }
}
