using System.Text.RegularExpressions;

namespace LocalCluster.ControlPlane.Binaries;

/// <summary>
/// Derives entries for source packages (<c>deb-src</c>) from a system's entries for binary packages, in both formats
/// of sources.list(5). The system's own files stay as they are.
/// </summary>
public static partial class AptSourceEntries
{
    /// <summary>The one-line format: each <c>deb</c> line becomes a <c>deb-src</c> line; all others go.</summary>
    public static string FromOneLine(string content) => string.Concat(content.Split('\n')
        .Select(line => BinaryLine().Match(line))
        .Where(match => match.Success)
        .Select(match => $"deb-src{match.Groups[1].Value.TrimEnd()}\n"));

    /// <summary>The deb822 format: each stanza that has binary packages gets <c>Types: deb-src</c>; all others go.</summary>
    public static string FromDeb822(string content) => string.Join("\n", StanzaEnd().Split(content.ReplaceLineEndings("\n"))
        .Where(stanza => BinaryTypes().IsMatch(stanza))
        .Select(stanza => BinaryTypes().Replace(stanza, "Types: deb-src").TrimEnd('\n') + "\n"));

    /// <summary>Writes the entries derived from <c>/etc/apt</c> into <paramref name="directory"/>, one file for each file there.</summary>
    /// <param name="apt">The configuration folder, <c>/etc/apt</c>.</param>
    /// <param name="directory">An existing folder.</param>
    /// <returns>How many files have entries.</returns>
    public static int Write(string apt, string directory)
    {
        string parts = Path.Combine(apt, "sources.list.d");
        string[] files = [Path.Combine(apt, "sources.list"), .. Directory.Exists(parts) ? Directory.GetFiles(parts) : []];
        int written = 0;
        foreach (string file in files.Where(File.Exists))
        {
            string content = Path.GetExtension(file) switch
            {
                ".list" => FromOneLine(File.ReadAllText(file)),
                ".sources" => FromDeb822(File.ReadAllText(file)),
                // apt ignores other names, too.
                _ => "",
            };
            if (content.Length > 0)
            {
                File.WriteAllText(Path.Combine(directory, Path.GetFileName(file)), content);
                written++;
            }
        }

        return written;
    }

    [GeneratedRegex(@"^\s*deb(\s.*)$")]
    private static partial Regex BinaryLine();

    [GeneratedRegex(@"\n[ \t]*\n")]
    private static partial Regex StanzaEnd();

    [GeneratedRegex(@"^Types:.*\bdeb\b(?!-).*$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex BinaryTypes();
}
