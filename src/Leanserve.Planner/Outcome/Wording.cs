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

    /// <summary>Three significant digits without an exponent.</summary>
    public static string Digits(double value)
    {
        var size = Math.Abs(value);
        var format = size >= 100 ? "#,0" : size >= 10 ? "0.#" : size >= 1 ? "0.##" : "0.###";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Two significant digits, for thresholds that come out of a search.</summary>
    public static double Round(double value)
    {
        if (value == 0)
        {
            return 0;
        }

        var scale = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 1);
        return Math.Round(value / scale) * scale;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
