using System.Text.Json;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Http;

/// <summary>A request body as a JSON object, or the error to answer with.</summary>
internal readonly record struct RequestBody(JsonDocument? Document, OpenAiError? Error);
