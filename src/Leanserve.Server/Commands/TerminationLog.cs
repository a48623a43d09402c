using System.Text;

namespace Leanserve.Server.Commands;

/// <summary>The file that Kubernetes shows as a container's termination message.</summary>
/// <param name="path">Kubernetes' default is <c>/dev/termination-log</c>; a path that cannot be written to is no error, as outside of a pod.</param>
internal sealed class TerminationLog(string path)
{
    public const string DefaultPath = "/dev/termination-log";

    // What Kubernetes keeps of the message.
    private const int MaxBytes = 4096;

    /// <summary>Writes the message; a pod's own file exists already, and none is made where there is no pod.</summary>
    public void Write(string message)
    {
        if (path == DefaultPath && !File.Exists(path))
        {
            return;
        }

        try
        {
            File.WriteAllBytes(path, Encoding.UTF8.GetBytes(message).AsSpan()[..Math.Min(MaxBytes, Encoding.UTF8.GetByteCount(message))]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The termination message could not be written to {path}: {exception.Message}");
        }
    }
}
