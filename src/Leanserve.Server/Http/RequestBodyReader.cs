using System.Text.Json;
using System.Text.Unicode;
using Leanserve.Server.Hosting;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Http;

/// <summary>Reads request bodies within bounds of size, time and number, so that slow or huge ones leave the others unharmed.</summary>
internal sealed class RequestBodyReader(ServerOptions options, TimeProvider time) : IDisposable
{
    private const int MaxDepth = 32;

    // Bounds the memory of bodies that are still arriving to this many times the largest one.
    private const int MaxBodiesAtOnce = 128;

    // Two members of one name would be read differently by a proxy and by us.
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private readonly SemaphoreSlim places = new(MaxBodiesAtOnce);

    /// <inheritdoc/>
    public void Dispose() => places.Dispose();

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

        using var timeout = new CancellationTokenSource(options.BodyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        try
        {
            return await ReadInTurnAsync(context.Request.Body, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return Refused(408, $"The body did not arrive within {options.BodyTimeout.TotalSeconds:0} s; send it faster.", "request_timeout");
        }
    }

    private async Task<RequestBody> ReadInTurnAsync(Stream body, CancellationToken cancellationToken)
    {
        await places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var buffer = new MemoryStream();
            return await CopyAsync(body, buffer, options.MaxBodyBytes, cancellationToken).ConfigureAwait(false)
                ? Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length))
                : TooLarge();
        }
        finally
        {
            places.Release();
        }
    }

    private static async Task<bool> CopyAsync(Stream body, MemoryStream buffer, int maxBytes, CancellationToken cancellationToken)
    {
        var chunk = new byte[16 << 10];
        for (int read; (read = await body.ReadAsync(chunk, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (buffer.Length + read > maxBytes)
            {
                return false;
            }

            buffer.Write(chunk, 0, read);
        }

        return true;
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
