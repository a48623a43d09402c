using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using CsCheck;
using Leanserve.Controllers.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Leanserve.Controllers.Tests.Unit;

public sealed class WatchLineReaderTests
{
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Read_CutAnywhere_GivesTheSameLines()
        => Gen.Select(Gen.Int[0, 300].Array[0, 20], Gen.Int[1, 50]).Sample((sizes, chunk) =>
        {
            var text = string.Concat(sizes.Select(s => $$"""{"type":"ADDED","object":{"x":"{{new string('é', s)}}" } }""" + "\n"));
            var events = ReadAllAsync(new ChunkedStream(Encoding.UTF8.GetBytes(text), chunk)).GetAwaiter().GetResult();
            return events.Select(e => e.Object.GetProperty("x").GetString()!.Length).SequenceEqual(sizes);
        });

    [Fact]
    public async Task Read_ALineThatIsNoWatchEvent_Throws()
        => await Assert.ThrowsAsync<JsonException>(() => ReadAllAsync(new MemoryStream("""{"kind":"Status"}"""u8.ToArray().Append((byte)'\n').ToArray())));

    [Fact, Trait("Case", "5")]
    public async Task Read_SilenceLongerThanTheLimit_Throws()
    {
        var pipe = new Pipe();
        var reading = ReadAllAsync(pipe.Reader.AsStream());
        await pipe.Writer.WriteAsync("""{"type":"BOOKMARK","object":{}}"""u8.ToArray().Append((byte)'\n').ToArray());

        await Eventually.True(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return reading.IsCompleted;
        });
        await Assert.ThrowsAsync<TimeoutException>(() => reading);
    }

    private async Task<List<WatchEvent>> ReadAllAsync(Stream stream)
    {
        var events = new List<WatchEvent>();
        await foreach (var e in WatchLineReader.ReadAsync(stream, Stall, time, CancellationToken.None))
        {
            events.Add(e);
        }

        return events;
    }

    private sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}
