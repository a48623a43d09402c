namespace Leanserve.Server.Http;

/// <summary>The page at <c>/</c>: what is served, and a box to try a question.</summary>
internal static class HumanPage
{
    private const string Resource = "Leanserve.Server.Page.index.html";

    private static readonly byte[] Html = Load();

    public static Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        // The page needs nothing from elsewhere, so nothing from elsewhere is allowed.
        context.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return context.Response.Body.WriteAsync(Html, context.RequestAborted).AsTask();
    }

    private static byte[] Load()
    {
        using var stream = typeof(HumanPage).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing from the assembly.");
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }
}
