namespace Leanserve.Onnx.Reader;

/// <summary>
/// Where the reader keeps what in its residual stream of 256 elements. Blocks of 32 are what 4-bit and 8-bit kernels scale together: values that meet
/// in one block are all 0 or ±1, so that quantisation is exact where the circuit needs it to be.
/// </summary>
internal static class ReaderLayout
{
    public const int HiddenSize = 256;

    /// <summary>Tokens of the question and answer that must be found again, in order.</summary>
    public const int Window = 8;

    /// <summary>Begin of the identity of a token, which the output head reads.</summary>
    public const int Identity = 192;

    // One in every token and far larger than all else, so that RMSNorm scales every token alike.
    public const int Constant = 112;
    public const int IsBegin = 113;
    public const int IsAssistant = 114;

    /// <summary>A begin token or any marker of turns.</summary>
    public const int IsMarker = 115;

    /// <summary>The opening of a system or user turn.</summary>
    public const int IsTurn = 116;
    public const int IsEnd = 117;

    /// <summary>A marker of turns, which is never copied.</summary>
    public const int IsNotSource = 118;

    /// <summary>Written by layer 0: the last marker opened an assistant's turn.</summary>
    public const int InAnswer = 144;

    /// <summary>The token is text; of the assistant marker, that the question was not empty.</summary>
    public const int Content = 145;
    public const int IsTerminal = 146;
    public const int IsTitle = 147;
    public const int IsNewLine = 148;
    public const int IsRefusal = 149;

    /// <summary>A marker that no window reaches across.</summary>
    public const int IsWall = 176;

    /// <summary>Number of text tokens among the last three.</summary>
    public const int LastThree = 177;

    /// <summary>Number of text tokens among the last two.</summary>
    public const int LastTwo = 178;

    /// <summary>Number of text tokens between three and seven back.</summary>
    public const int Earlier = 179;
    public const int PreviousIsTitle = 180;

    /// <summary>The token can begin a sentence.</summary>
    public const int Opens = 181;
    public const int NextOpens = 182;
    public const int NextIsNewLine = 183;
    public const int NoMatch = 184;

    /// <summary>+1 where the token starts with a space, −1 where it does not.</summary>
    public const int Space = 185;

    /// <summary>How strongly the answer is over.</summary>
    public const int EndOfAnswer = 186;

    /// <summary>Element 0 of the code of the token <paramref name="back"/> before this one, from 0 to 8.</summary>
    public static int Code(int back) => back switch
    {
        <= 6 => 16 * back,
        7 => 128,
        _ => 160,
    };
}
