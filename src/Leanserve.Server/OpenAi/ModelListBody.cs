namespace Leanserve.Server.OpenAi;

/// <summary>The body of <c>/v1/models</c>.</summary>
public sealed record ModelListBody(string Object, IReadOnlyList<ModelBody> Data);
