using System.Text;
using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>A container's last words: its termination file, else, where the policy says so and it failed, the end of its log.</summary>
internal static class TerminationMessage
{
    private const int MaxFileBytes = 4096;
    private const int MaxLogLines = 80;
    private const int MaxLogCharacters = 2048;

    public static async Task<string?> ReadAsync(V1Container container, string terminationFile, string logPath, int exitCode)
    {
        await using var file = File.OpenRead(terminationFile);
        var buffer = new byte[MaxFileBytes];
        var length = await file.ReadAtLeastAsync(buffer, MaxFileBytes, throwOnEndOfStream: false).ConfigureAwait(false);
        if (length > 0)
        {
            return Encoding.UTF8.GetString(buffer, 0, length);
        }

        var fallBack = exitCode != 0 && container.TerminationMessagePolicy == "FallbackToLogsOnError";
        var tail = fallBack ? ContainerLog.Tail(logPath, MaxLogLines, MaxLogCharacters) : "";
        return tail.Length == 0 ? null : tail;
    }
}
