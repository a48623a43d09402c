using System.Globalization;

namespace Leanserve.Planner;

/// <summary>Numbers as people read them: three digits, a unit.</summary>
public static class Wording
{
    public static string Bytes(double bytes) => bytes switch
    {
        >= 1e9 => Invariant($"{Digits(bytes / 1e9)} GB"),
        >= 1e6 => Invariant($"{Digits(bytes / 1e6)} MB"),
        _ => Invariant($"{Digits(bytes / 1e3)} kB"),
    };

    public static string Time(double seconds) => seconds switch
    {
        >= 3600 => Invariant($"{Digits(seconds / 3600)} h"),
        >= 120 => Invariant($"{Digits(seconds / 60)} min"),
        >= 1 => Invariant($"{Digits(seconds)} s"),
        _ => Invariant($"{Digits(seconds * 1e3)} ms"),
    };

    public static string Time(TimeSpan time) => Time(time.TotalSeconds);

    /// <summary>A count of tokens and the like: 61,000.</summary>
    public static string Count(double count) => Math.Round(count).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun: 1 replica, 3 replicas.</summary>
    public static string Plural(int count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A rate of requests: 1 query per second, 0.5 queries per second.</summary>
    public static string Rate(double queriesPerSecond) => $"{Digits(queriesPerSecond)} {(queriesPerSecond == 1 ? "query" : "queries")} per second";

    /// <summary>A figure that rests on judgement, in two digits: 0.71, 3.8, 12.</summary>
    public static string Rough(double value) => Digits(Round(value));

    public static string Usd(double usd) => usd.ToString(usd >= 100 ? "$#,0" : "$0.00", CultureInfo.InvariantCulture);

    public static string Percent(double share) => (share * 100).ToString(share is > 0.995 and < 1 or < 0.095 and > 0 ? "0.#" : "0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A share that misses a bound in whole percent or keeps it: with a decimal where rounding would hide that it misses.</summary>
    public static string Percent(double share, int bound)
    {
        var percent = share * 100;
        return percent < bound && Math.Round(percent, MidpointRounding.AwayFromZero) >= bound ? Invariant($"{Math.Floor(percent * 10) / 10:0.0} %") : Percent(share);
    }

    /// <summary>Three significant digits without an exponent.</summary>
    public static string Digits(double value)
    {
        var format = Math.Abs(value) switch
        {
            >= 100 => "#,0",
            >= 10 => "0.#",
            >= 1 => "0.##",
            >= 0.1 => "0.###",
            >= 0.01 => "0.####",
            >= 0.001 => "0.#####",
            _ => "0.##########",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Two figures of which the second is the larger, in words that show it: where their digits would hide it, each is rounded away from the other.</summary>
    public static (string Less, string More) Apart(double less, double more, Func<double, string> words, int digits = 3)
    {
        var (one, other) = (words(less), words(more));
        return one != other ? (one, other) : (words(Significant(less, digits, Math.Floor)), words(Significant(more, digits, Math.Ceiling)));
    }

    /// <summary>Two significant digits, for thresholds that come out of a search.</summary>
    public static double Round(double value) => Significant(value, 2, Math.Round);

    /// <summary>Two significant digits, never more than the value: for bounds that a smaller figure keeps.</summary>
    public static double RoundDown(double value) => Significant(value, 2, Math.Floor);

    /// <summary>What is not null, as alternatives: "use RAG, ask for shorter answers or take more memory".</summary>
    public static string Or(params ReadOnlySpan<string?> options)
    {
        var text = "";
        for (var i = options.Length - 1; i >= 0; i--)
        {
            text = options[i] is not { } option ? text : text.Length == 0 ? option : text.Contains(" or ", StringComparison.Ordinal) ? $"{option}, {text}" : $"{option} or {text}";
        }

        return text;
    }

    // Multiplied or divided by whole powers of ten only, which are exact, so that the result is what its digits say.
    private static double Significant(double value, int digits, Func<double, double> rounding)
    {
        if (value == 0)
        {
            return 0;
        }

        var decimals = digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        var scale = Math.Pow(10, Math.Abs(decimals));
        return decimals >= 0 ? rounding(value * scale) / scale : rounding(value / scale) * scale;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
