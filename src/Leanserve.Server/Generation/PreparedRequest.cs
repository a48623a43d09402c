using Leanserve.Engine;
using Leanserve.Server.Knowledge;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Generation;

/// <summary>A request ready for the engine, with what the answer has to tell about it.</summary>
public sealed record PreparedRequest(GenerationParameters Parameters, Retrieval Retrieval, GenerationRequest Request);
