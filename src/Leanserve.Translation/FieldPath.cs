using System.Globalization;
using System.Text.RegularExpressions;

namespace Leanserve.Translation;

/// <summary>Writes the path of a field as the API server does.</summary>
public static partial class FieldPath
{
    /// <summary>The path of a member; names that are no identifiers stand in brackets.</summary>
    public static string Member(string parent, string name) =>
        !Identifier().IsMatch(name) ? $"{parent}[{name}]"
        : parent.Length == 0 ? name
        : $"{parent}.{name}";

    /// <summary>The path of a list's item.</summary>
    public static string Item(string parent, int index) => string.Create(CultureInfo.InvariantCulture, $"{parent}[{index}]");

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Identifier();
}
