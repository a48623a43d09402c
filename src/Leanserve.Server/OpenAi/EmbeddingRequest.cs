namespace Leanserve.Server.OpenAi;

/// <summary>A checked request for vectors.</summary>
/// <param name="Model">The model asked for.</param>
/// <param name="Inputs">Tokens of each text.</param>
/// <param name="AsBase64">Whether vectors are wanted as base64 of their little-endian floats instead of numbers.</param>
public sealed record EmbeddingRequest(string Model, IReadOnlyList<IReadOnlyList<int>> Inputs, bool AsBase64);
