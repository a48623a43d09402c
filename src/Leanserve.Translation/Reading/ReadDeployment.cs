using Leanserve.Api;

namespace Leanserve.Translation.Reading;

/// <summary>A deployment that a file holds and that keeps every rule.</summary>
/// <param name="Deployment">The resource.</param>
/// <param name="Position">Where its document begins.</param>
public sealed record ReadDeployment(LlmDeployment Deployment, SourcePosition Position);
