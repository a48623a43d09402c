using System.Net;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace Leanserve.Controllers;

/// <summary>
/// Elects one replica through a Lease. The leader stops writing (<see cref="WriteFence"/>) when it could not renew for the renew
/// deadline; others take over only when they saw no renewal for the longer lease duration. Both are measured on each one's own
/// monotonic clock, so clocks need not agree.
/// </summary>
internal sealed class LeaderElector(
    ApiTransport transport,
    WriteFence fence,
    OperatorSettings settings,
    OperatorMetrics metrics,
    TimeProvider timeProvider,
    ILogger<LeaderElector> logger)
{
    private readonly string identity = settings.LeaderElectionIdentity ?? $"{Environment.MachineName}_{Guid.NewGuid():n}";
    private readonly EntityKey leaseKey = new(LeaseNamespace(settings), settings.EffectiveLeaseName);
    private LeaseObservation? observed;

    /// <summary>Whether this replica leads, by the clock.</summary>
    public bool IsLeading { get; private set; }

    /// <summary>Campaigns, leads, and campaigns again, until stopped.</summary>
    /// <param name="lead">The leader's work. Its token is cancelled when leadership is lost; it must then end.</param>
    /// <param name="stop">Stop: the work is expected to end by itself; the Lease is renewed until it has, then released.</param>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (await TryAcquireOrRenewAsync(stop) is { } lost)
                {
                    await LeadAsync(lead, lost, stop);
                }

                await WaitAsync(settings.LeaderElectionRetryPeriod * (0.8 + (0.4 * Random.Shared.NextDouble())), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped while it campaigned: there is nothing to release.
        }
    }

    private async Task LeadAsync(Func<CancellationToken, Task> lead, CancellationToken lost, CancellationToken stop)
    {
        logger.LogInformation("{Identity} leads by lease {Lease}", identity, leaseKey);
        SetLeading(true);
        using var end = new CancellationTokenSource();
        var renewal = RenewAsync(lost, end.Token);
        try
        {
            await lead(lost);
            if (!lost.IsCancellationRequested && !stop.IsCancellationRequested)
            {
                throw new InvalidOperationException("The leader's work ended although nobody asked it to.");
            }
        }
        finally
        {
            await end.CancelAsync();
            await renewal;
            SetLeading(false);
            if (lost.IsCancellationRequested)
            {
                logger.LogWarning("{Identity} lost lease {Lease}", identity, leaseKey);
            }

            await ReleaseAsync();
        }
    }

    private async Task RenewAsync(CancellationToken lost, CancellationToken end)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost, end);
        while (!either.IsCancellationRequested)
        {
            await WaitAsync(settings.LeaderElectionRetryPeriod, either.Token);
            if (!either.IsCancellationRequested)
            {
                await TryAcquireOrRenewAsync(either.Token);
            }
        }
    }

    /// <returns>The token of the term; null if another replica holds the Lease or the API server could not be reached.</returns>
    private async Task<CancellationToken?> TryAcquireOrRenewAsync(CancellationToken cancellationToken)
    {
        // One request that hangs must not use up the renew deadline: a second chance needs time.
        using var limit = new CancellationTokenSource(settings.LeaderElectionRenewDeadline / 2, timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var started = timeProvider.GetTimestamp();
        try
        {
            var lease = await ReadLeaseAsync(linked.Token);
            // Counted from after the read: the renewal that was read may have been made at any time before.
            Observe(lease, timeProvider.GetTimestamp());
            if (lease is not null && HeldByOther(lease))
            {
                if (IsLeading)
                {
                    logger.LogWarning("Lease {Lease} was taken by {Holder}", leaseKey, lease.Spec.HolderIdentity);
                    fence.Close();
                }

                return null;
            }

            Observe(await WriteLeaseAsync(lease, identity, linked.Token), timeProvider.GetTimestamp());
            return fence.Extend(started, settings.LeaderElectionRenewDeadline);
        }
        catch (ApiException e)
        {
            logger.LogInformation("Lease {Lease} could not be taken or renewed: {Message}", leaseKey, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogInformation("Lease {Lease} could not be taken or renewed in time", leaseKey);
        }
        catch (OperationCanceledException) when (IsLeading)
        {
            // The term is over or the work is done; the caller sees which.
        }

        return null;
    }

    private bool HeldByOther(V1Lease lease)
    {
        var holder = lease.Spec?.HolderIdentity;
        if (string.IsNullOrEmpty(holder) || holder == identity)
        {
            return false;
        }

        // The holder's own promise counts, in case it runs with other settings than we do.
        var duration = TimeSpan.FromSeconds(lease.Spec!.LeaseDurationSeconds ?? settings.LeaderElectionLeaseDuration.TotalSeconds);
        return timeProvider.GetElapsedTime(observed!.Since) <= duration;
    }

    private void Observe(V1Lease? lease, long now)
    {
        if (lease is null)
        {
            observed = null;
        }
        else if (observed is null || observed.ResourceVersion != lease.Metadata.ResourceVersion)
        {
            observed = new LeaseObservation(lease.Metadata.ResourceVersion, now);
        }
    }

    private async Task<V1Lease?> ReadLeaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            var request = new ApiRequest(HttpMethod.Get, EntityKind.Of<V1Lease>().ObjectPath(leaseKey));
            return EntityJson.Read<V1Lease>(await transport.SendAsync(request, cancellationToken));
        }
        catch (ApiException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<V1Lease> WriteLeaseAsync(V1Lease? current, string holder, CancellationToken cancellationToken)
    {
        var kind = EntityKind.Of<V1Lease>();
        var now = WholeMicroseconds(timeProvider.GetUtcNow().UtcDateTime);
        var takenOver = current?.Spec?.HolderIdentity != holder;
        var spec = new V1LeaseSpec
        {
            HolderIdentity = holder,
            LeaseDurationSeconds = Math.Max(1, (int)Math.Ceiling(settings.LeaderElectionLeaseDuration.TotalSeconds)),
            RenewTime = now,
            AcquireTime = takenOver ? now : null,
            LeaseTransitions = (current?.Spec?.LeaseTransitions ?? 0) + (takenOver && current is not null ? 1 : 0),
        };
        var metadata = new V1ObjectMeta { Name = leaseKey.Name, NamespaceProperty = leaseKey.Namespace };
        var body = EntityJson.ToTree(new V1Lease { Metadata = metadata, Spec = spec });
        body["apiVersion"] = kind.ApiVersion;
        body["kind"] = kind.Kind;
        if (current is not null)
        {
            // The write holds only if nobody was faster.
            body["metadata"]!["resourceVersion"] = current.Metadata.ResourceVersion;
        }

        var request = current is null
            ? new ApiRequest(HttpMethod.Post, kind.CollectionPath(leaseKey.Namespace), body.ToJsonString())
            : new ApiRequest(HttpMethod.Patch, kind.ObjectPath(leaseKey), body.ToJsonString(), ApiRequest.MergePatch);
        return EntityJson.Read<V1Lease>(await transport.SendAsync(request with { Unfenced = true }, cancellationToken));
    }

    // The API server wants micro-time, always with a fraction; the client leaves a fraction of zero out.
    private static DateTime WholeMicroseconds(DateTime time) => time.Ticks % TimeSpan.TicksPerSecond == 0 ? time.AddMicroseconds(1) : time;

    /// <summary>Hands the Lease back, so that another replica need not wait for it to run out.</summary>
    private async Task ReleaseAsync()
    {
        fence.Close();
        using var limit = new CancellationTokenSource(settings.LeaderElectionRetryPeriod, timeProvider);
        try
        {
            if (await ReadLeaseAsync(limit.Token) is { } lease && lease.Spec?.HolderIdentity == identity)
            {
                await WriteLeaseAsync(lease, string.Empty, limit.Token);
                logger.LogInformation("{Identity} released lease {Lease}", identity, leaseKey);
            }
        }
        catch (Exception e) when (e is ApiException or OperationCanceledException)
        {
            logger.LogInformation("Lease {Lease} was not released and runs out by itself: {Message}", leaseKey, e.Message);
        }
    }

    private void SetLeading(bool leads)
    {
        IsLeading = leads;
        metrics.Leading(leaseKey.Name, leads);
    }

    private Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
        => Task.Delay(delay, timeProvider, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);

    private static string LeaseNamespace(OperatorSettings settings)
    {
        const string ownNamespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";
        return settings.LeaderElectionLeaseNamespace
            ?? settings.Namespace
            ?? (File.Exists(ownNamespaceFile) ? File.ReadAllText(ownNamespaceFile).Trim() : "default");
    }

    private sealed record LeaseObservation(string ResourceVersion, long Since);
}
