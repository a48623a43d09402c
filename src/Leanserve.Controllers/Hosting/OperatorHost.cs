using Leanserve.Controllers.Sdk;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Leanserve.Controllers;

/// <summary>
/// Runs the informers always and the controllers while this replica leads. Shutdown goes in order: begin nothing new, let running
/// reconciles finish, write the last events, stop the watches, release the Lease.
/// </summary>
internal sealed class OperatorHost(
    IEnumerable<IControllerRunner> controllers,
    InformerRegistry registry,
    LeaderElector elector,
    WriteFence fence,
    EventRecorder events,
    OperatorHealth health,
    OperatorSettings settings,
    TimeProvider timeProvider,
    ILogger<OperatorHost> logger) : BackgroundService
{
    private readonly IReadOnlyList<IControllerRunner> runners = [.. controllers];

    /// <inheritdoc />
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var runner in runners)
        {
            runner.RegisterInformers();
        }

        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var watching = new CancellationTokenSource();
        using var abort = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        await using var bound = stoppingToken.UnsafeRegister(_ => abort.CancelAfter(settings.DrainTimeout), null);
        var informers = Task.WhenAll(registry.All.Select(i => i.RunAsync(watching.Token)));
        try
        {
            health.Started();
            if (settings.LeaderElectionType == LeaderElectionType.None)
            {
                fence.OpenForever();
                await WorkAsync(stoppingToken, abort.Token, CancellationToken.None);
            }
            else
            {
                await elector.RunAsync(lost => WorkAsync(stoppingToken, abort.Token, lost), stoppingToken);
            }
        }
        catch (Exception e)
        {
            health.Failed(e.Message);
            logger.LogCritical(e, "The operator failed");
            throw;
        }
        finally
        {
            await watching.CancelAsync();
            await informers;
        }
    }

    private async Task WorkAsync(CancellationToken stop, CancellationToken abort, CancellationToken lost)
    {
        using var stopWork = CancellationTokenSource.CreateLinkedTokenSource(stop, lost);
        using var abortWork = CancellationTokenSource.CreateLinkedTokenSource(abort, lost);
        using var stopEvents = new CancellationTokenSource();
        var writingEvents = events.RunAsync(stopEvents.Token);
        try
        {
            await Task.WhenAll(runners.Select(r => r.RunAsync(stopWork.Token, abortWork.Token)));
            // An operator without controllers still holds its lease and answers its probes.
            await Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, stopWork.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            await stopEvents.CancelAsync();
            await writingEvents;
        }
    }
}
