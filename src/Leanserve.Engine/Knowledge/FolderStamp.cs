using System.Globalization;
using System.Text;

namespace Leanserve.Engine.Knowledge;

/// <summary>A cheap sign that a folder's files changed: their paths, where links lead, sizes and times of writing.</summary>
/// <remarks>Notifications of the file system are no alternative: network volumes send none.</remarks>
public static class FolderStamp
{
    /// <summary>The stamp, which differs after a file was added, removed, replaced or written to; null while the folder cannot be listed.</summary>
    public static string? Of(string directory)
    {
        try
        {
            var stamp = new StringBuilder();
            foreach (var (path, target) in FolderFiles.List(directory, []))
            {
                var info = new FileInfo(target);
                stamp.Append(CultureInfo.InvariantCulture, $"{path}\0{target}\0{info.Length}\0{info.LastWriteTimeUtc.Ticks}\n");
            }

            return stamp.ToString();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Between two states, as when a kubelet swaps a volume's files; the next look tells.
            return null;
        }
    }
}
