using Leanserve.Engine;
using Leanserve.Engine.Knowledge;
using Leanserve.Server.Knowledge;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Generation;

/// <summary>A request ready for the engine, with what the answer has to tell about it.</summary>
/// <param name="Parameters">What was asked for.</param>
/// <param name="Sources">The knowledge sources it is answered from, as they were when it arrived.</param>
/// <param name="Retrieval">Passages found.</param>
/// <param name="Request">For the engine.</param>
public sealed record PreparedRequest(GenerationParameters Parameters, IReadOnlyList<KnowledgeFolder> Sources, Retrieval Retrieval, GenerationRequest Request);
