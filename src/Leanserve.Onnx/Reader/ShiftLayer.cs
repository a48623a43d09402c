using static Leanserve.Onnx.Reader.ReaderHead;
using static Leanserve.Onnx.Reader.ReaderLayout;

namespace Leanserve.Onnx.Reader;

/// <summary>
/// Layers 1 and 2: each head copies from one exact distance back. Layer 1 takes the codes one and two back, layer 2 the three codes gathered three and
/// six back, so that each token then holds its own code and the eight before it. Answers count as if they followed the question at once, and
/// no head reaches across a wall (the opening or end of a turn) or before the beginning.
/// </summary>
/// <param name="near">Distance of head 0.</param>
/// <param name="far">Distance of head 1.</param>
internal sealed class ShiftLayer(int near, int far)
{
    private const int CodesValue = 0;
    private const int LastThreeValue = ValueFlags;
    private const int LastTwoValue = ValueFlags + 1;
    private const int ContentValue = ValueFlags + 2;
    private const int TitleValue = ValueFlags + 3;
    private const int GatheredCodes = 3;

    private const double DistanceScore = 120;
    private const double PeakScore = DistancePairs * DistanceScore;

    // Below the peak, but above what the distances next to it reach (0.48 · 120 less).
    private const double BeginScore = PeakScore - 25;
    private const double WallMarginPerToken = 30;
    private const double Exclusion = 4000;

    public static ShiftLayer First { get; } = new(1, 2);

    public static ShiftLayer Second { get; } = new(3, 6);

    public void FillQuery(WeightGrid weights)
    {
        FillQuery(weights, 0, near);
        FillQuery(weights, 1, far);
    }

    public static void FillKey(WeightGrid weights)
    {
        for (int pair = 0; pair < DistancePairs; pair++)
        {
            weights.SetPair(0, pair, Constant, 1, 0);
            weights.SetPairChange(0, pair, InAnswer, 1, 0, -Frequency(pair) * TurnLayer.Boundary);

            // A wall is found by its own pairs alone.
            weights.SetPair(0, pair, IsWall, -1, 0);
        }

        weights.SetPair(0, SlowPair, IsTurn, 1, 0);
        weights.SetPair(0, EndWallPair, IsEnd, 1, 0);
        weights[TurnWall, IsTurn] = 1;
        weights[EndWall, IsEnd] = 1;
        weights[Begin, IsBegin] = 1;
    }

    public static void FillValue(WeightGrid weights)
    {
        weights.Copy(CodesValue, Code(0), GatheredCodes * ReedMullerCode.Length);
        weights[LastThreeValue, LastThree] = 1;
        weights[LastTwoValue, LastTwo] = 1;
        weights[ContentValue, Content] = 1;
        weights[TitleValue, IsTitle] = 1;
    }

    public void FillOutput(WeightGrid weights)
    {
        int codes = near == 1 ? 1 : GatheredCodes;
        for (int back = 0; back < codes; back++)
        {
            weights.Copy(Code(near + back), CodesValue + (back * ReedMullerCode.Length), ReedMullerCode.Length);
            weights.Copy(Code(far + back), Size + CodesValue + (back * ReedMullerCode.Length), ReedMullerCode.Length);
        }

        if (near == 1)
        {
            weights[LastThree, ContentValue] = weights[LastThree, Size + ContentValue] = 1;
            weights[LastTwo, ContentValue] = 1;
            weights[PreviousIsTitle, TitleValue] = 1;
        }
        else
        {
            weights[Earlier, LastThreeValue] = 1;
            weights[Earlier, Size + LastTwoValue] = 1;
        }
    }

    private static void FillQuery(WeightGrid weights, int head, int distance)
    {
        float scale = MathF.Sqrt(Size);
        for (int pair = 0; pair < DistancePairs; pair++)
        {
            double angle = -Frequency(pair) * distance;
            double inAnswer = -Frequency(pair) * (distance + TurnLayer.Boundary);
            weights.SetPair(head, pair, Constant, scale * DistanceScore, angle);
            weights.SetPairChange(head, pair, InAnswer, scale * DistanceScore, angle, inAnswer);
        }

        FillWalls(weights, head, distance, scale);
        weights[(head * Size) + Begin, Constant] = (float)(scale * BeginScore);
    }

    /// <summary>A wall scores the peak where it stands between this token and the distance, more the nearer it is, and ever less behind.</summary>
    private static void FillWalls(WeightGrid weights, int head, int distance, float scale)
    {
        double turn = scale * WallMarginPerToken / Frequency(SlowPair);
        double angle = WallAngle(SlowPair, distance);
        weights.SetPair(head, SlowPair, Constant, turn, angle);
        weights.SetPairChange(head, SlowPair, InAnswer, turn, angle, WallAngle(SlowPair, distance + TurnLayer.Boundary));
        weights[(head * Size) + TurnWall, Constant] = (float)(scale * PeakScore);

        // The end of the question is no wall for its answer, which does not see it at all.
        double end = scale * WallMarginPerToken / Frequency(EndWallPair);
        weights.SetPair(head, EndWallPair, Constant, end, WallAngle(EndWallPair, distance));
        weights.SetPair(head, EndWallPair, InAnswer, -end, WallAngle(EndWallPair, distance));
        weights[(head * Size) + EndWall, Constant] = (float)(scale * PeakScore);
        weights[(head * Size) + EndWall, InAnswer] = (float)(-scale * Exclusion);
    }

    private static double WallAngle(int pair, int distance) => (Math.PI / 2) - (Frequency(pair) * (distance - 0.5));
}
