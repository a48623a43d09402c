using Leanserve.Cli.Eval.Questions;

namespace Leanserve.Cli.Eval.Targets;

/// <summary>What is evaluated: an endpoint that stands, or a model that is served for the purpose.</summary>
internal interface IEvalTarget
{
    /// <summary>Whether the endpoint is given the documents, so that each set of documents needs an endpoint of its own; otherwise requests carry them.</summary>
    bool HoldsDocuments { get; }

    /// <summary>An endpoint that answers by this strategy over these documents.</summary>
    /// <exception cref="EvalTargetException">It cannot.</exception>
    Task<EvalEndpoint> OpenAsync(EvalStrategy strategy, EvalDecoding decoding, IReadOnlyList<EvalDocument> documents, CancellationToken cancellationToken);
}
