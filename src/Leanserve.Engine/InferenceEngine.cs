namespace Leanserve.Engine;

/// <summary>
/// Serves many requests from one model on one loop: preloaded documents, concurrent requests and beams are branches of one prefix tree over one KV
/// buffer, and one forward pass advances them all.
/// </summary>
public sealed class InferenceEngine : IAsyncDisposable
{
    /// <param name="runner">Owned by the engine from here on.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="options">Limits and chunk length.</param>
    /// <param name="time">Clock of the timings.</param>
    public InferenceEngine(IModelRunner runner, ITokenizer tokenizer, EngineOptions options, TimeProvider time)
    {
        Statistics = new EngineStatistics { CapacitySlots = runner.Capacity };
    }

    /// <summary>The engine after its latest step.</summary>
    public EngineStatistics Statistics { get; }

    /// <summary>Computes the tokens' keys and values once and keeps them until <see cref="UnloadAsync"/>; a known name is replaced once the new tokens are ready.</summary>
    /// <exception cref="RequestRefusedException">They do not fit.</exception>
    public Task PreloadAsync(string name, IReadOnlyList<int> tokens, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Forgets a preloaded prefix; running requests on it go on. An unknown name is no error.</summary>
    public Task UnloadAsync(string name) => throw new NotImplementedException();

    /// <summary>Queues the request and reports its events. Cancellation frees its slots at the next step.</summary>
    /// <exception cref="EngineBusyException">The queue is full.</exception>
    /// <exception cref="RequestRefusedException">The request can never run here.</exception>
    public IAsyncEnumerable<GenerationEvent> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
