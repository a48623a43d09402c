using System.Text.Json;
using System.Text.Unicode;
using Leanserve.Server.Hosting;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Http;

/// <summary>A request body as a JSON object, or the error to answer with.</summary>
internal readonly record struct RequestBody(JsonDocument? Document, OpenAiError? Error)
{
    private const int MaxDepth = 32;

    // Two members of one name would be read differently by a proxy and by us.
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Reads the body within the bounds of size and time.</summary>
    public static async Task<RequestBody> ReadAsync(HttpContext context, ServerOptions options, TimeProvider time)
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
            return TooLarge(options);
        }

        using var timeout = new CancellationTokenSource(options.BodyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        try
        {
            using var buffer = new MemoryStream();
            return await CopyAsync(context.Request.Body, buffer, options.MaxBodyBytes, either.Token).ConfigureAwait(false)
                ? Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length))
                : TooLarge(options);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return Refused(408, $"The body did not arrive within {options.BodyTimeout.TotalSeconds:0} s; send it faster.", "request_timeout");
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

    private static RequestBody TooLarge(ServerOptions options) =>
        Refused(413, $"The body has more than {options.MaxBodyBytes} bytes, the limit; send a shorter prompt.", "request_too_large");

    private static RequestBody Refused(int status, string message, string code) => new(null, OpenAiError.Create(status, message, null, code));
}
