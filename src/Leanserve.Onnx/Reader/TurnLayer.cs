using static Leanserve.Onnx.Reader.ReaderHead;
using static Leanserve.Onnx.Reader.ReaderLayout;

namespace Leanserve.Onnx.Reader;

/// <summary>
/// Layer 0. Head 0 looks at the last marker and tells each token whether it stands in an answer. Head 1 gives the assistant's marker the code of the
/// question's last token, two before it.
/// </summary>
internal static class TurnLayer
{
    /// <summary>Tokens between the question's last and the answer's first: the end of the turn and the assistant's marker.</summary>
    public const int Boundary = 2;

    private const int AssistantValue = ValueFlags;
    private const int ContentValue = ValueFlags + 1;
    private const double DistanceScore = 120;
    private const double MarginPerToken = 15;

    // More than the slow pair takes from a marker 4,096 positions back.
    private const double MarkerScore = 65_000;
    private const double BeginScore = 4.5 * DistanceScore;

    public static void FillQuery(WeightGrid weights)
    {
        float scale = MathF.Sqrt(Size);
        weights.SetPair(0, SlowPair, Constant, scale * MarginPerToken / Frequency(SlowPair), Math.PI / 2);
        weights[Marker, Constant] = (float)(scale * MarkerScore);
        for (int pair = 0; pair < DistancePairs; pair++)
        {
            weights.SetPair(1, pair, IsAssistant, scale * DistanceScore, -Frequency(pair) * Boundary);
        }

        weights[Size + Begin, Constant] = (float)(scale * BeginScore);
    }

    public static void FillKey(WeightGrid weights)
    {
        for (int pair = 0; pair < DistancePairs; pair++)
        {
            weights.SetPair(0, pair, Constant, 1, 0);
            weights.SetPair(0, pair, IsWall, -1, 0);
        }

        weights.SetPair(0, SlowPair, IsMarker, 1, 0);
        weights[Marker, IsMarker] = 1;
        weights[Begin, IsBegin] = 1;
    }

    public static void FillValue(WeightGrid weights)
    {
        weights.Copy(0, Code(0), ReedMullerCode.Length);
        weights[AssistantValue, IsAssistant] = 1;
        weights[ContentValue, Content] = 1;
    }

    public static void FillOutput(WeightGrid weights)
    {
        weights[InAnswer, AssistantValue] = 1;
        weights.Copy(Code(0), Size, ReedMullerCode.Length);
        foreach (int flag in new[] { Content, LastTwo, LastThree })
        {
            weights[flag, Size + ContentValue] = 1;
        }
    }
}
