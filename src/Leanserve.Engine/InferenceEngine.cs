using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Leanserve.Contracts;
using Leanserve.Engine.Scheduling;

namespace Leanserve.Engine;

/// <summary>
/// Serves many requests from one model on one loop: preloaded documents, concurrent requests and beams are branches of one prefix tree over one KV
/// buffer, and one forward pass advances them all.
/// </summary>
public sealed class InferenceEngine : IAsyncDisposable
{
    private readonly IModelRunner _runner;
    private readonly ITokenizer _tokenizer;
    private readonly TimeProvider _time;
    private readonly EngineLimits _limits;
    private readonly EngineLoop _loop;
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unfinished;
    private volatile bool _isStopping;

    /// <param name="runner">Owned by the engine from here on.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="options">Limits and chunk length.</param>
    /// <param name="time">Clock of the timings.</param>
    public InferenceEngine(IModelRunner runner, ITokenizer tokenizer, EngineOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentNullException.ThrowIfNull(options);
        _runner = runner;
        _tokenizer = tokenizer;
        _time = time;
        _limits = options.Limits;
        _loop = new EngineLoop(runner, options, time);

        // A thread of its own: a forward pass blocks for milliseconds, which would starve the thread pool.
        new Thread(Run) { IsBackground = true, Name = "inference" }.Start();
    }

    /// <summary>The engine after its latest step.</summary>
    public EngineStatistics Statistics => _loop.Statistics;

    /// <summary>
    /// Computes the tokens' keys and values once, chunk by chunk beside running requests, and keeps them until <see cref="UnloadAsync"/>; a known name
    /// is replaced once the new tokens are ready. Waits its turn in the queue where running requests hold the slots.
    /// </summary>
    /// <param name="name">The prefix's name.</param>
    /// <param name="tokens">The prefix.</param>
    /// <param name="cancellationToken">Gives the attempt up.</param>
    /// <param name="rows">The tokens' keys and values where they were computed before, by the same model in the same <see cref="SlotFormat"/>; they are copied instead.</param>
    /// <exception cref="RequestRefusedException">They do not fit.</exception>
    public async Task PreloadAsync(string name, IReadOnlyList<int> tokens, CancellationToken cancellationToken, SlotRows? rows = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Count == 0 || tokens.Count > _runner.Geometry.MaxContextTokens)
        {
            throw new RequestRefusedException(
                $"The documents '{name}' take {tokens.Count} tokens; the model's context holds from 1 to {_runner.Geometry.MaxContextTokens}. "
                + "Use fewer documents, or retrieve passages instead of caching all.");
        }

        var preload = new PreloadRun(name, tokens, _loop.Branches, _loop.Pin, rows);
        Post(() => _loop.Preload(preload));
        await using var registration = cancellationToken.Register(() => Post(() => _loop.CancelPreload(preload, cancellationToken)));
        await preload.Completion;
    }

    /// <summary>Bytes of one token's keys and values.</summary>
    public int SlotBytes => _runner.SlotBytes;

    /// <summary>See <see cref="IModelRunner.SlotFormat"/>.</summary>
    public string SlotFormat => _runner.SlotFormat;

    /// <summary>Copies a preloaded prefix's keys and values out, between steps.</summary>
    /// <param name="name">The prefix's name.</param>
    /// <param name="first">The first token wanted.</param>
    /// <param name="rows">[n, SlotBytes] receives up to n tokens. Few at a time keep requests from waiting.</param>
    /// <returns>Tokens copied; 0 past the prefix's end, and where the prefix is gone.</returns>
    public async Task<int> ReadPreloadedAsync(string name, int first, Memory<byte> rows)
    {
        var copied = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        ObjectDisposedException.ThrowIf(_isStopping, this);
        Post(() => copied.SetResult(_loop.ReadPreloaded(name, first, rows.Span)));
        await Task.WhenAny(copied.Task, _stopped.Task);
        return copied.Task.IsCompleted ? await copied.Task : 0;
    }

    /// <summary>Forgets a preloaded prefix; running requests on it go on. An unknown name is no error.</summary>
    public async Task UnloadAsync(string name)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            _loop.Unload(name);
            done.SetResult();
        });
        await done.Task;
    }

    /// <summary>Queues the request and reports its events. Cancellation frees its slots at the next step.</summary>
    /// <exception cref="EngineBusyException">The queue is full.</exception>
    /// <exception cref="RequestRefusedException">The request can never run here.</exception>
    public async IAsyncEnumerable<GenerationEvent> GenerateAsync(
        GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var run = Submit(request);
        try
        {
            await foreach (var generationEvent in run.Events.ReadAllAsync(cancellationToken))
            {
                yield return generationEvent;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _unfinished);
            Post(() => _loop.Cancel(run, new OperationCanceledException(cancellationToken)));
        }
    }

    /// <summary>Ends all requests with an <see cref="OperationCanceledException"/>, then frees the model.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isStopping)
        {
            _isStopping = true;
            _wake.Release();
        }

        await _stopped.Task;
    }

    private GenerationRun Submit(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_isStopping, this);
        var violations = RequestRules.Violations(request, _runner.Geometry, _runner.Capacity);
        if (violations.Count > 0)
        {
            throw new RequestRefusedException(string.Join(' ', violations));
        }

        if (Interlocked.Increment(ref _unfinished) > _limits.MaxConcurrentRequests + _limits.MaxQueuedRequests)
        {
            Interlocked.Decrement(ref _unfinished);
            Post(_loop.CountRejected);
            throw new EngineBusyException(_limits.MaxQueuedRequests, RetryAfter());
        }

        GenerationRun run = request.Beam is { } beam
            ? new BeamRun(request, beam, _tokenizer, _loop.Branches, _time)
            : new SamplingRun(request, _tokenizer, _loop.Branches, _time);
        Post(() => _loop.Enqueue(run));
        return run;
    }

    /// <summary>The mean time that a finished request held the engine, at least one second.</summary>
    private TimeSpan RetryAfter()
    {
        var statistics = Statistics;
        var busy = statistics.ModelTime + statistics.OverheadTime;
        double seconds = statistics.FinishedRequests == 0 ? 1 : busy.TotalSeconds / statistics.FinishedRequests;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 60));
    }

    private void Post(Action command)
    {
        _commands.Enqueue(command);
        _wake.Release();
    }

    private void Run()
    {
        while (!_isStopping)
        {
            Step();
            if (!_loop.HasWork)
            {
                _wake.Wait();
            }
        }

        Stop();
    }

    private void Step()
    {
        try
        {
            while (_commands.TryDequeue(out var command))
            {
                command();
            }

            _loop.Admit();
            if (_loop.HasWork)
            {
                _loop.Step();
            }
        }
        catch (Exception exception)
        {
            // A fault of the model must reach those who wait for it, and must not end the loop for the others.
            _loop.FailAll(exception, queuedToo: false);
        }
    }

    private void Stop()
    {
        while (_commands.TryDequeue(out var command))
        {
            command();
        }

        _loop.FailAll(new OperationCanceledException("The engine is stopping."), queuedToo: true);
        _runner.Dispose();
        _stopped.SetResult();
    }
}
