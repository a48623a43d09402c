using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Leanserve.Server.Tests.Support;

/// <summary>A span as it came over the wire.</summary>
internal sealed record ReceivedSpan(string TraceId, string SpanId, string ParentId, string Name, ulong Start, ulong End, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A collector that takes OTLP over HTTP and keeps the spans.</summary>
/// <remarks>Field numbers are those of opentelemetry/proto/trace/v1/trace.proto.</remarks>
internal sealed class SpanReceiver : IAsyncDisposable
{
    private readonly WebApplication application;

    private SpanReceiver(WebApplication application) => this.application = application;

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

    /// <summary>All bytes that were posted.</summary>
    public ConcurrentQueue<byte[]> Posts { get; } = new();

    public string Address => application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<SpanReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var receiver = new SpanReceiver(builder.Build());
        receiver.application.MapPost("/v1/traces", receiver.TakeAsync);
        await receiver.application.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        Posts.Enqueue(buffer.ToArray());
        foreach (var resourceSpans in Fields(buffer.ToArray(), 1))
        {
            foreach (var span in Fields(resourceSpans, 2).SelectMany(scopeSpans => Fields(scopeSpans, 2)))
            {
                Spans.Enqueue(Parse(span));
            }
        }

        context.Response.ContentType = "application/x-protobuf";
    }

    private static ReceivedSpan Parse(byte[] span) => new(
        Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5), Fixed(span, 7), Fixed(span, 8), Fields(span, 9).ToDictionary(pair => Text(pair, 1), pair => Any(Fields(pair, 2).Single())));

    private static string Any(byte[] value)
    {
        var input = new CodedInputStream(value);
        return WireFormat.GetTagFieldNumber(input.ReadTag()) switch
        {
            1 => input.ReadString(),
            2 => $"{input.ReadBool()}",
            3 => $"{input.ReadInt64()}",
            4 => $"{input.ReadDouble()}",
            _ => "",
        };
    }

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).FirstOrDefault() ?? []);

    private static string Text(byte[] message, int field) => System.Text.Encoding.UTF8.GetString(Fields(message, field).FirstOrDefault() ?? []);

    private static ulong Fixed(byte[] message, int field)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == field)
            {
                return input.ReadFixed64();
            }

            input.SkipLastField();
        }

        return 0;
    }

    private static List<byte[]> Fields(byte[] message, int field)
    {
        var found = new List<byte[]>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                found.Add(input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
            }
        }

        return found;
    }
}
