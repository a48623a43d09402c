using System.Globalization;
using System.Text;

namespace LocalCluster.NodeAgents;

/// <summary>One run's output in the container runtime interface's log format: <c>time stream F line</c>.</summary>
internal sealed class ContainerLog(string path, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _writer = new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };

    public static string PathOf(string containerDirectory, int restartCount) =>
        Path.Combine(containerDirectory, $"{restartCount.ToString(CultureInfo.InvariantCulture)}.log");

    /// <summary>Copies a stream line by line until it ends.</summary>
    public async Task CopyAsync(StreamReader reader, string stream)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            var stamp = time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
            lock (_gate)
            {
                _writer.Write($"{stamp} {stream} F {line}\n");
            }
        }
    }

    /// <summary>The text of a stored line without its time and stream.</summary>
    public static ReadOnlySpan<char> TextOf(ReadOnlySpan<char> line)
    {
        for (var field = 0; field < 3; field++)
        {
            line = line[(line.IndexOf(' ') + 1)..];
        }

        return line;
    }

    /// <summary>The end of a log, as a termination message may hold it.</summary>
    public static string Tail(string path, int maxLines, int maxCharacters)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var lines = new Queue<string>();
        while (reader.ReadLine() is { } line)
        {
            lines.Enqueue(TextOf(line).ToString());
            if (lines.Count > maxLines)
            {
                lines.Dequeue();
            }
        }

        var text = new StringBuilder().AppendJoin('\n', lines).ToString();
        return text.Length <= maxCharacters ? text : text[^maxCharacters..];
    }

    public void Dispose() => _writer.Dispose();
}
