using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>Runs one container of a pod from its first start to its last end.</summary>
internal sealed class ContainerRunner
{
    private static readonly TimeSpan ConfigRetry = TimeSpan.FromSeconds(1);
    private readonly PodContext _pod;
    private readonly bool _restartsAlways;
    private readonly bool _restartsOnFailure;
    private readonly ContainerLaunch _launch;
    private readonly RestartBackoff _backoff = new();
    private readonly RestartBackoff _pullBackoff = new();
    private readonly Lock _gate = new();

    public ContainerRunner(PodContext pod, V1Container container, bool isInit, string waitingReason)
    {
        (_pod, Container) = (pod, container);
        _launch = new ContainerLaunch(pod, container);
        var policy = pod.Pod.Spec.RestartPolicy;
        _restartsAlways = policy == "Always" && !isInit;
        _restartsOnFailure = policy is "Always" or "OnFailure";
        Snapshot = new ContainerSnapshot { State = ContainerSnapshot.Waiting(waitingReason) };
    }

    public V1Container Container { get; }

    public ContainerSnapshot Snapshot { get; private set; }

    /// <summary>Runs until the container has ended for good or the pod is stopped; true where its last run succeeded.</summary>
    public async Task<bool> RunAsync()
    {
        var stop = _pod.Stop.Requested;
        for (var run = 0; ; run++)
        {
            var gpuCount = GpuCount();
            if (await AwaitImageAsync(stop).ConfigureAwait(false) is not { } image || await AwaitGpusAsync(gpuCount, stop).ConfigureAwait(false) is not { } gpus)
            {
                return false;
            }

            V1ContainerStateTerminated? ended;
            try
            {
                ended = await RunOnceAsync(image, run, gpus, stop).ConfigureAwait(false);
            }
            finally
            {
                _pod.Node.Gpus.Return(gpus);
            }

            if (ended is null || stop.IsCancellationRequested || !MayRestart(ended.ExitCode))
            {
                return ended?.ExitCode == 0;
            }

            await AwaitBackoffAsync(ended, stop).ConfigureAwait(false);
            if (stop.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    private bool MayRestart(int exitCode) => _restartsAlways || (_restartsOnFailure && exitCode != 0);

    private async Task<V1ContainerStateTerminated?> RunOnceAsync(ImageEntry image, int run, IReadOnlyList<int> gpus, CancellationToken stop)
    {
        if (await StartAsync(image, run, gpus, stop).ConfigureAwait(false) is not { } process)
        {
            return null;
        }

        var startedAt = _pod.Node.Time.GetUtcNow().UtcDateTime;
        Change(current => current with
        {
            State = new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = startedAt } },
            LastState = current.State.Terminated is null ? current.LastState : current.State,
            RestartCount = run,
            Started = false,
            ContainerId = $"leanserve://{Guid.NewGuid():N}",
            ImageId = $"leanserve://{image.Executable}"
        });
        await _pod.EventAsync(Container, "Normal", "Started", $"Started container {Container.Name}").ConfigureAwait(false);
        await SuperviseAsync(process, stop).ConfigureAwait(false);
        return await RecordEndAsync(await process.Exited.ConfigureAwait(false), run, startedAt).ConfigureAwait(false);
    }

    /// <summary>Ends when the process has ended, by itself or because a probe or the pod's end asked for it.</summary>
    private async Task SuperviseAsync(ContainerProcess process, CancellationToken stop)
    {
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var runner = new ProbeRunner(Container, process, _pod.Address);
        var probes = new ContainerProbes(
            Container, runner, () => Change(current => current with { Started = true }), ready => Change(current => current with { Ready = ready }),
            (kind, problem) => _pod.EventAsync(Container, "Warning", "Unhealthy", $"{kind} probe failed: {problem}"), _pod.Node.Time).RunAsync(watching.Token);
        // Ends when the pod is stopped, too: that cancels the probes.
        await Task.WhenAny(process.Exited, probes).ConfigureAwait(false);
        if (!process.Exited.IsCompleted)
        {
            var why = probes.IsCompletedSuccessfully
                ? $"Container {Container.Name} failed {probes.Result.ToString().ToLowerInvariant()} probe, will be restarted"
                : $"Stopping container {Container.Name}";
            await _pod.EventAsync(Container, "Normal", "Killing", why).ConfigureAwait(false);
            await new ContainerTermination(_pod, Container, runner).EndAsync(process).ConfigureAwait(false);
        }

        await watching.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(probes).ConfigureAwait(false);
    }

    private async Task<V1ContainerStateTerminated> RecordEndAsync(int exitCode, int run, DateTime startedAt)
    {
        var log = ContainerLog.PathOf(_pod.ContainerDirectory(Container.Name), run);
        var ended = new V1ContainerStateTerminated
        {
            ExitCode = exitCode,
            Reason = exitCode == 0 ? "Completed" : "Error",
            Message = await TerminationMessage.ReadAsync(Container, _launch.TerminationFile, log, exitCode).ConfigureAwait(false),
            StartedAt = startedAt,
            FinishedAt = _pod.Node.Time.GetUtcNow().UtcDateTime,
            ContainerID = Snapshot.ContainerId
        };
        Change(current => current with { State = new V1ContainerState { Terminated = ended }, Ready = false, Started = false });
        return ended;
    }

    private async Task<ContainerProcess?> StartAsync(ImageEntry image, int run, IReadOnlyList<int> gpus, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                return await _launch.StartAsync(image, run, gpus, stop).ConfigureAwait(false);
            }
            catch (Exception problem) when (!stop.IsCancellationRequested)
            {
                // Whatever it is, the API server being away for a moment included: said, and tried again.
                Wait(problem is ContainerConfigException ? "CreateContainerConfigError" : "CreateContainerError", problem.Message);
                await _pod.EventAsync(Container, "Warning", "Failed", $"Error: {problem.Message}").ConfigureAwait(false);
                await Task.Delay(ConfigRetry, _pod.Node.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        return null;
    }

    private async Task<ImageEntry?> AwaitImageAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (_pod.Node.Options.Images.Find(Container.Image) is { } image)
            {
                await _pod.EventAsync(Container, "Normal", "Pulled", $"Container image \"{Container.Image}\" is the local program {image.Executable}").ConfigureAwait(false);
                return image;
            }

            var known = string.Join(", ", _pod.Node.Options.Images.Names);
            var message = $"image \"{Container.Image}\" is not in this node's image table, which knows: {(known.Length == 0 ? "none" : known)}";
            Wait("ErrImagePull", message);
            await _pod.EventAsync(Container, "Warning", "Failed", $"Failed to pull image: {message}").ConfigureAwait(false);
            await Task.Delay(ConfigRetry, _pod.Node.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Wait("ImagePullBackOff", $"Back-off pulling: {message}");
            await Task.Delay(_pullBackoff.Next(TimeSpan.Zero), _pod.Node.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private async Task<IReadOnlyList<int>?> AwaitGpusAsync(int count, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (_pod.Node.Gpus.TryTake(count) is { } indexes)
            {
                return indexes;
            }

            Wait("ContainerCreating", $"waiting for {count} of this node's {_pod.Node.Options.Capacity.GpuCount} GPUs, which ending pods still hold");
            await Task.Delay(ConfigRetry, _pod.Node.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private async Task AwaitBackoffAsync(V1ContainerStateTerminated ended, CancellationToken stop)
    {
        var delay = _backoff.Next(ended.FinishedAt!.Value - ended.StartedAt!.Value);
        if (delay > TimeSpan.Zero)
        {
            Wait("CrashLoopBackOff", $"back-off {delay.TotalSeconds:0}s restarting failed container={Container.Name} pod={_pod.FullName}");
            await _pod.EventAsync(Container, "Warning", "BackOff", "Back-off restarting failed container").ConfigureAwait(false);
            await Task.Delay(delay, _pod.Node.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private int GpuCount() =>
        Container.Resources?.Limits?.TryGetValue(NodeCapacity.GpuResource, out var quantity) == true ? (int)quantity.ToDecimal() : 0;

    private void Wait(string reason, string message) => Change(current => current with
    {
        State = ContainerSnapshot.Waiting(reason, message),
        LastState = current.State.Terminated is null ? current.LastState : current.State
    });

    private void Change(Func<ContainerSnapshot, ContainerSnapshot> change)
    {
        lock (_gate)
        {
            Snapshot = change(Snapshot);
        }

        _pod.Changed();
    }
}
