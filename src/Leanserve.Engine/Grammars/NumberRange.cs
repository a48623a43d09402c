using System.Globalization;

namespace Leanserve.Engine.Grammars;

/// <summary>
/// Numbers between two bounds, as decimal digits without exponent. Digits are compared with those of both bounds from the left; once a digit lies
/// strictly between, the rest is free.
/// </summary>
/// <param name="builder">Makes the nodes.</param>
/// <param name="isInteger">Whether a fraction is ruled out.</param>
internal sealed class NumberRange(GrammarBuilder builder, bool isInteger)
{
    /// <summary>Most digits before the point, and after it.</summary>
    private const int Digits = 15;

    /// <summary>No number of that many digits lies past this.</summary>
    public const decimal Limit = 1_000_000_000_000_000;

    /// <param name="low">Smallest number.</param>
    /// <param name="high">Largest number.</param>
    /// <param name="lowIsOut">Whether the smallest is itself ruled out.</param>
    /// <param name="highIsOut">Whether the largest is itself ruled out.</param>
    public GrammarNode Between(decimal low, decimal high, bool lowIsOut, bool highIsOut)
    {
        List<GrammarNode> ways = [];
        if (high >= 0)
        {
            ways.AddRange(Magnitudes(Math.Max(low, 0), high, lowIsOut && low >= 0, highIsOut));
        }

        if (low < 0)
        {
            var magnitudes = Magnitudes(Math.Max(-high, 0), -low, highIsOut && high <= 0, lowIsOut);
            ways.AddRange(magnitudes.Select(way => builder.Literal("-", way)));
        }

        return builder.AnyOf(ways);
    }

    /// <summary>One way for each count of digits before the point.</summary>
    private IEnumerable<GrammarNode> Magnitudes(decimal low, decimal high, bool lowIsOut, bool highIsOut)
    {
        if (low > high || low >= Limit)
        {
            yield break;
        }

        high = Math.Min(high, Limit - 1);
        for (int whole = 1; whole <= Digits; whole++)
        {
            decimal largest = Pow10(whole);
            decimal smallest = whole == 1 ? 0 : Pow10(whole - 1);
            if (high < smallest || low >= largest)
            {
                continue;
            }

            bool bindsLow = low >= smallest;
            bool bindsHigh = high < largest;
            var bounds = new Bounds(whole, Spell(bindsLow ? low : 0, whole), Spell(bindsHigh ? high : 0, whole), lowIsOut, highIsOut);
            yield return new Walk(builder, isInteger, bounds).From(0, bindsLow, bindsHigh);
        }
    }

    private static decimal Pow10(int exponent) => decimal.Parse($"1{new string('0', exponent)}", CultureInfo.InvariantCulture);

    /// <summary>Digits of a bound, with as many before the point as asked and all that a decimal has after it.</summary>
    private static string Spell(decimal value, int whole)
    {
        string[] parts = value.ToString(CultureInfo.InvariantCulture).Split('.');
        return parts[0].PadLeft(whole, '0') + (parts.Length > 1 ? parts[1] : string.Empty);
    }

    /// <param name="Whole">Digits before the point.</param>
    /// <param name="Low">Digits of the lower bound.</param>
    /// <param name="High">Digits of the upper bound.</param>
    /// <param name="LowIsOut">Whether the lower bound is ruled out.</param>
    /// <param name="HighIsOut">Whether the upper bound is ruled out.</param>
    private sealed record Bounds(int Whole, string Low, string High, bool LowIsOut, bool HighIsOut)
    {
        public static int DigitAt(string bound, int position) => position < bound.Length ? bound[position] - '0' : 0;

        /// <summary>Whether a number may end after so many digits, given which bounds they equal so far.</summary>
        public bool AllowsEnd(int position, bool tightLow, bool tightHigh)
        {
            bool lowIsReached = !HasMore(Low, position);
            bool highIsReached = !HasMore(High, position);
            return (!tightLow || (lowIsReached && !LowIsOut)) && (!tightHigh || !(highIsReached && HighIsOut));
        }

        private static bool HasMore(string bound, int position) => bound.Skip(position).Any(digit => digit != '0');
    }

    /// <summary>The digits of one count before the point; each place is built once for each set of bounds still equalled.</summary>
    private sealed class Walk(GrammarBuilder builder, bool isInteger, Bounds bounds)
    {
        private readonly Dictionary<(int, bool, bool), GrammarNode> _built = [];

        public GrammarNode From(int position, bool tightLow, bool tightHigh)
        {
            if (_built.TryGetValue((position, tightLow, tightHigh), out var known))
            {
                return known;
            }

            List<GrammarNode> ways = [];
            if (position >= bounds.Whole && bounds.AllowsEnd(position, tightLow, tightHigh))
            {
                ways.Add(builder.End());
            }

            int last = bounds.Whole + (isInteger ? 0 : Digits);
            if (position < last)
            {
                var digits = builder.AnyOf(DigitWays(position, tightLow, tightHigh));
                ways.Add(position == bounds.Whole ? builder.Literal(".", digits) : digits);
            }

            return _built[(position, tightLow, tightHigh)] = builder.AnyOf(ways);
        }

        private List<GrammarNode> DigitWays(int position, bool tightLow, bool tightHigh)
        {
            int low = tightLow ? Bounds.DigitAt(bounds.Low, position) : 0;
            int high = tightHigh ? Bounds.DigitAt(bounds.High, position) : 9;
            if (position == 0 && bounds.Whole > 1)
            {
                low = Math.Max(low, 1);
            }

            List<GrammarNode> ways = [];
            for (int digit = low; digit <= high; digit++)
            {
                bool staysLow = tightLow && digit == Bounds.DigitAt(bounds.Low, position);
                bool staysHigh = tightHigh && digit == Bounds.DigitAt(bounds.High, position);
                ways.Add(builder.Byte(ByteSet.Of((byte)('0' + digit)), From(position + 1, staysLow, staysHigh)));
            }

            return ways;
        }
    }
}
