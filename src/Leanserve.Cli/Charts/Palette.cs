namespace Leanserve.Cli.Charts;

/// <summary>Colours that people with any colour vision can tell apart (Paul Tol's <i>light</i> and <i>bright</i> schemes).</summary>
internal static class Palette
{
    public const string Paper = "#FFFFFF";
    public const string Ink = "#222222";
    public const string Faint = "#666666";
    public const string Grid = "#DDDDDD";

    /// <summary>Areas with dark text on them.</summary>
    public static IReadOnlyList<string> Areas { get; } = ["#EEDD88", "#77AADD", "#44BB99", "#EE8866", "#FFAABB", "#BBCC33", "#99DDFF", "#AAAA00"];

    /// <summary>Lines and bars on paper.</summary>
    public static IReadOnlyList<string> Series { get; } = ["#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#777777"];

    /// <summary>An area where there is nothing.</summary>
    public static Fill Nothing { get; } = new("#EEEEEE", "#AAAAAA");
}
