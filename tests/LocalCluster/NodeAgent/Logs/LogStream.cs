using System.Globalization;
using System.Text;

namespace LocalCluster.NodeAgents;

/// <summary>Copies the wanted part of a log, and what is added to it while it may grow.</summary>
/// <param name="mayGrow">Whether the container still writes to it.</param>
internal sealed class LogStream(string path, LogQuery query, Func<bool> mayGrow, TimeProvider time)
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(100);
    private long _left = query.LimitBytes ?? long.MaxValue;

    public async Task CopyToAsync(Stream output, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var reader = new LogLineReader(file);
        await WriteAsync(output, Chosen(reader), cancellation).ConfigureAwait(false);
        while (query.Follow && _left > 0)
        {
            // Asked before reading: what the container wrote last is still read once it has ended.
            var growing = mayGrow();
            await WriteAsync(output, reader.ReadLines(), cancellation).ConfigureAwait(false);
            if (!growing)
            {
                return;
            }

            await Task.Delay(PollPeriod, time, cancellation).ConfigureAwait(false);
        }
    }

    private IEnumerable<string> Chosen(LogLineReader reader)
    {
        var lines = reader.ReadLines();
        if (query.SinceSeconds is { } seconds)
        {
            var since = time.GetUtcNow().AddSeconds(-seconds);
            lines = lines.Where(line => DateTimeOffset.Parse(line[..line.IndexOf(' ')], CultureInfo.InvariantCulture) >= since);
        }

        return query.TailLines is { } tail ? lines.TakeLast((int)Math.Min(tail, int.MaxValue)) : lines;
    }

    private async Task WriteAsync(Stream output, IEnumerable<string> lines, CancellationToken cancellation)
    {
        foreach (var line in lines)
        {
            var text = ContainerLog.TextOf(line);
            var shown = query.Timestamps ? $"{line.AsSpan(0, line.IndexOf(' '))} {text}\n" : $"{text}\n";
            var bytes = Encoding.UTF8.GetBytes(shown);
            var length = (int)Math.Min(bytes.Length, _left);
            _left -= length;
            await output.WriteAsync(bytes.AsMemory(0, length), cancellation).ConfigureAwait(false);
        }

        await output.FlushAsync(cancellation).ConfigureAwait(false);
    }
}
