using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Leanserve.Server.Hosting;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Http;

/// <summary>Reads request bodies within bounds of size, time and memory, so that slow or huge ones leave the others unharmed.</summary>
internal sealed class RequestBodyReader(ServerOptions options, TimeProvider time)
{
    private const int MaxDepth = 32;

    // Bytes, not bodies, are bounded: thousands of bodies that hardly arrive must not keep a whole one waiting.
    private const long MaxBufferedBytes = 256L << 20;

    // Two members of one name would be read differently by a proxy and by us.
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private long bufferedBytes;

    /// <summary>The body as a JSON object, or the error to answer with.</summary>
    public async Task<RequestBody> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            return Refused(415, $"The content type is '{context.Request.ContentType}'; send application/json.", "unsupported_media_type");
        }

        if (context.Request.Headers.ContentEncoding.Count > 0)
        {
            return Refused(415, $"The content encoding is '{context.Request.Headers.ContentEncoding}'; send the body uncompressed.", "unsupported_media_type");
        }

        if (context.Request.ContentLength > options.MaxBodyBytes)
        {
            return TooLarge();
        }

        var reader = context.Request.BodyReader;
        using var timeout = new CancellationTokenSource(options.BodyTimeout, time);
        // Cancelling the read itself would leave the connection in no state to answer on.
        using var registration = timeout.Token.Register(reader.CancelPendingRead);
        using var buffer = new MemoryStream();
        try
        {
            var error = await CopyAsync(reader, buffer).ConfigureAwait(false);
            return error is null ? Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length)) : new RequestBody(null, error);
        }
        finally
        {
            Interlocked.Add(ref bufferedBytes, -buffer.Length);
        }
    }

    private async Task<OpenAiError?> CopyAsync(PipeReader reader, MemoryStream buffer)
    {
        while (true)
        {
            var read = await reader.ReadAsync().ConfigureAwait(false);
            if (read.IsCanceled)
            {
                return OpenAiError.Create(408, $"The body did not arrive within {options.BodyTimeout.TotalSeconds:0.#} s; send it faster.", null, "request_timeout");
            }

            var bytes = read.Buffer.Length;
            var fits = buffer.Length + bytes <= options.MaxBodyBytes;
            foreach (var segment in fits ? read.Buffer : default)
            {
                buffer.Write(segment.Span);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (!fits)
            {
                return TooLarge().Error;
            }

            if (Interlocked.Add(ref bufferedBytes, bytes) > MaxBufferedBytes)
            {
                return OpenAiError.Unavailable("Too many large bodies are arriving at once; try again.", retryAfterSeconds: 1);
            }

            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    private static RequestBody Parse(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span))
        {
            return Refused(400, "The body is not valid UTF-8; send JSON in UTF-8.", "invalid_json");
        }

        try
        {
            var document = JsonDocument.Parse(bytes, Json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new RequestBody(document, null);
            }

            document.Dispose();
            return Refused(400, "The body is not a JSON object; send {\"model\": …}.", "invalid_json");
        }
        catch (JsonException exception)
        {
            return Refused(
                400,
                $"The body is not JSON that this server reads (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine}; at most {MaxDepth} levels, no member twice).",
                "invalid_json");
        }
    }

    private RequestBody TooLarge() =>
        Refused(413, $"The body has more than {options.MaxBodyBytes} bytes, the limit; send a shorter prompt.", "request_too_large");

    private static RequestBody Refused(int status, string message, string code) => new(null, OpenAiError.Create(status, message, null, code));
}
