using System.Globalization;

namespace LocalCluster.NodeAgents;

/// <summary>Reads /proc; the kernel's own list of children is a build option that some kernels lack.</summary>
internal static class ProcessTable
{
    /// <summary>The oldest child of a process; null where it has none (yet).</summary>
    public static int? ChildOf(int parent)
    {
        int? oldest = null;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && ParentOf(id) == parent && !(oldest < id))
            {
                oldest = id;
            }
        }

        return oldest;
    }

    private static int? ParentOf(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat");
            // The name in parentheses may itself hold spaces and parentheses.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
