using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Leanserve.Controllers;

/// <summary>
/// Reads a watch line by line. The Kubernetes client's own reader waits for the first event before it returns, loses the
/// cancellation afterwards, and hides errors that come in the stream.
/// </summary>
internal static class WatchLineReader
{
    /// <summary>Reads until the server closes the stream.</summary>
    /// <param name="stream">The body of the watch; closed at the end.</param>
    /// <param name="stallTimeout">Longest silence.</param>
    /// <param name="timeProvider">Clock of the silence.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="TimeoutException">Nothing came for <paramref name="stallTimeout"/>.</exception>
    /// <exception cref="JsonException">A line is not JSON.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async IAsyncEnumerable<WatchEvent> ReadAsync(
        Stream stream, TimeSpan stallTimeout, TimeProvider timeProvider, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(stream);
        using var stall = new CancellationTokenSource(stallTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
        try
        {
            while (true)
            {
                var read = await ReadSomeAsync(pipe, stall.Token, either.Token, stallTimeout);
                var rest = read.Buffer;
                stall.CancelAfter(stallTimeout);
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    var line = rest.Slice(0, end);
                    rest = rest.Slice(rest.GetPosition(1, end));
                    if (line.Length > 0)
                    {
                        yield return Parse(line);
                    }
                }

                pipe.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private static async ValueTask<ReadResult> ReadSomeAsync(
        PipeReader pipe, CancellationToken stalled, CancellationToken either, TimeSpan stallTimeout)
    {
        try
        {
            return await pipe.ReadAsync(either);
        }
        catch (OperationCanceledException) when (stalled.IsCancellationRequested)
        {
            throw new TimeoutException($"The watch was silent for {stallTimeout}.");
        }
    }

    private static WatchEvent Parse(ReadOnlySequence<byte> line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("type", out var type)
            || !root.TryGetProperty("object", out var payload)
            || type.GetString() is not { } name)
        {
            throw new JsonException("The line is not a watch event: it needs 'type' and 'object'.");
        }

        return new WatchEvent(name, payload.Clone());
    }
}
