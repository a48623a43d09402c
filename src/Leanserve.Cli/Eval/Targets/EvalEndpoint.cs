namespace Leanserve.Cli.Eval.Targets;

/// <summary>An OpenAI-compatible API that questions are sent to, until it is disposed of.</summary>
/// <param name="Address">Up to and including <c>/v1</c>.</param>
/// <param name="ApiKey">Bearer token; null sends none.</param>
/// <param name="Server">What serves it on our behalf; null where somebody else does.</param>
internal sealed record EvalEndpoint(Uri Address, string? ApiKey, IAsyncDisposable? Server) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
