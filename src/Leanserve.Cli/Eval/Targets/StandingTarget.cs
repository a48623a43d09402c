using Leanserve.Cli.Eval.Questions;

namespace Leanserve.Cli.Eval.Targets;

/// <summary>Any OpenAI-compatible endpoint.</summary>
internal sealed class StandingTarget(Uri address, string? apiKey) : IEvalTarget
{
    public bool HoldsDocuments => false;

    public Task<EvalEndpoint> OpenAsync(
        EvalStrategy strategy, EvalDecoding decoding, IReadOnlyList<EvalDocument> documents, CancellationToken cancellationToken) =>
        Task.FromResult(new EvalEndpoint(address, apiKey, null));
}
