using k8s;
using k8s.Models;
using Leanserve.Controllers.Sdk;
using Leanserve.Controllers.Tests.Support;

namespace Leanserve.Controllers.Tests;

/// <summary>One replica acts; another takes over; never both.</summary>
public sealed class ElectionTests(ApiServerFixture api)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);

    [Fact, Trait("Case", "27")]
    public async Task TwoReplicas_KilledAndTerminated_HandOverAndNeverActBoth()
    {
        var ns = await api.CreateNamespaceAsync();
        await new WidgetClient(api.Admin, ns).CreateAsync("w");
        var journal = Path.GetTempFileName();
        try
        {
            await using var a = ReplicaProcess.Start(api, ns, "a", journal);
            await Eventually.True(() => Entries(journal).Count(e => e.Identity == "a") > 4, seconds: 30);
            await using var b = ReplicaProcess.Start(api, ns, "b", journal);
            await using var c = ReplicaProcess.Start(api, ns, "c", journal);
            await Eventually.True(() => ReadyCount(journal) == 3, seconds: 30);
            // Long enough for both to have tried to lead.
            await Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);
            Assert.All(Entries(journal), e => Assert.Equal("a", e.Identity));

            await a.KillAsync();
            var killed = TimeProvider.System.GetTimestamp();
            await Eventually.True(() => Entries(journal).Any(e => e.Identity != "a"), seconds: 15);
            var first = Entries(journal).First(e => e.Identity != "a");
            Assert.InRange(TimeProvider.System.GetElapsedTime(killed, first.At).TotalSeconds, 0, Lease.TotalSeconds + 3);

            var (leader, follower) = first.Identity == "b" ? (b, c) : (c, b);
            await leader.TerminateAsync();
            var ended = TimeProvider.System.GetTimestamp();
            Assert.Equal(0, leader.ExitCode);
            await Eventually.True(() => Entries(journal).Any(e => e.Identity == follower.Identity), seconds: 15);
            // Released, so nobody waited for the lease to run out.
            var next = Entries(journal).First(e => e.Identity == follower.Identity);
            Assert.InRange(TimeProvider.System.GetElapsedTime(ended, next.At).TotalSeconds, -1, Lease.TotalSeconds / 2);

            AssertNeverBoth(Entries(journal));
            Assert.Equal("ends", Entries(journal).Last(e => e.Identity == leader.Identity).What);
        }
        finally
        {
            File.Delete(journal);
        }
    }

    [Fact, Trait("Case", "28")]
    public async Task Leader_CutOffPastTheRenewDeadline_WritesNothingOnceAnotherLeads()
    {
        var ns = await api.CreateNamespaceAsync();
        await new WidgetClient(api.Admin, ns).CreateAsync("w");
        await using var a = await StartReplicaAsync(ns, "a");
        await Eventually.TrueAsync(async () => await NoteAsync(ns) == "a");
        await using var b = await StartReplicaAsync(ns, "b");

        a.Proxy.Pause();
        var paused = TimeProvider.System.GetTimestamp();
        await Eventually.True(() => !b.Script.Reconciled.IsEmpty, seconds: 20);
        var taken = b.Script.Reconciled.First().At;
        // A's reconciles stopped before B's began, though nobody could tell A anything.
        Assert.All(a.Script.Reconciled, r => Assert.True(r.At < taken));
        Assert.True(TimeProvider.System.GetElapsedTime(paused, taken) > TimeSpan.FromSeconds(2), "B did not wait for the lease");

        await Eventually.TrueAsync(async () => await NoteAsync(ns) == "b");
        var before = a.Script.Reconciled.Count;
        a.Proxy.Resume();
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Assert.Equal("b", await NoteAsync(ns));
        Assert.Equal(before, a.Script.Reconciled.Count);
        await Assert.ThrowsAsync<NotLeadingException>(() => a.Writer.ApplyAsync(
            new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "x", NamespaceProperty = ns } }, CancellationToken.None));
        Assert.Equal(0, await a.MetricAsync("leader_election_master_status"));
        Assert.Equal(1, await b.MetricAsync("leader_election_master_status"));
    }

    [Fact, Trait("Case", "27")]
    public async Task Renewal_ThatFailsOnce_CostsNothing()
    {
        var ns = await api.CreateNamespaceAsync();
        await new WidgetClient(api.Admin, ns).CreateAsync("w");
        var faults = new FaultHandler();
        var failures = 0;
        await using var op = await StartReplicaAsync(ns, "a", faults);
        await Eventually.True(() => !op.Script.Reconciled.IsEmpty);
        faults.Intercept = request => Task.FromResult(
            request.Method == HttpMethod.Patch && request.RequestUri!.AbsolutePath.Contains("/leases/", StringComparison.Ordinal)
                && Interlocked.Increment(ref failures) == 1
                ? throw new HttpRequestException("reset")
                : (HttpResponseMessage?)null);

        await Eventually.True(() => failures >= 3);
        Assert.Equal(1, await op.MetricAsync("leader_election_master_status"));
        var lease = await api.Admin.CoordinationV1.ReadNamespacedLeaseAsync("test-operator-leader", ns);
        Assert.Equal(0, lease.Spec.LeaseTransitions);
        var gaps = op.Script.GapsOf("w");
        Assert.All(gaps, gap => Assert.InRange(gap, 0, 1.5));
    }

    [Fact, Trait("Case", "27")]
    public async Task Lease_WithAnEmptySpec_IsTakenAndOnShutdownReleased()
    {
        var ns = await api.CreateNamespaceAsync();
        await new WidgetClient(api.Admin, ns).CreateAsync("w");
        await api.Admin.CoordinationV1.CreateNamespacedLeaseAsync(
            new V1Lease { Metadata = new V1ObjectMeta { Name = "test-operator-leader" } }, ns);
        await using var op = await StartReplicaAsync(ns, "a");
        await Eventually.True(() => !op.Script.Reconciled.IsEmpty);
        Assert.Equal("a", (await api.Admin.CoordinationV1.ReadNamespacedLeaseAsync("test-operator-leader", ns)).Spec.HolderIdentity);

        await op.StopAsync();
        var released = await api.Admin.CoordinationV1.ReadNamespacedLeaseAsync("test-operator-leader", ns);
        Assert.True(string.IsNullOrEmpty(released.Spec.HolderIdentity));
    }

    private Task<OperatorUnderTest> StartReplicaAsync(string ns, string identity, params DelegatingHandler[] handlers)
        => OperatorUnderTest.StartAsync(api, new OperatorSetup
        {
            Namespace = ns,
            Handlers = handlers,
            Settings = s =>
            {
                s.LeaderElectionType = LeaderElectionType.Single;
                s.LeaderElectionIdentity = identity;
                s.LeaderElectionLeaseDuration = Lease;
                s.LeaderElectionRenewDeadline = TimeSpan.FromSeconds(3);
                s.LeaderElectionRetryPeriod = TimeSpan.FromSeconds(0.5);
            },
            Script = (script, self) => script.OnReconcile = async (widget, token) =>
            {
                await self.Writer.PatchStatusAsync(
                    widget, w => w.Status = new() { Note = identity, ObservedSize = script.Reconciled.Count }, token);
                return Results.Ok(widget, TimeSpan.FromMilliseconds(50));
            },
        });

    private async Task<string?> NoteAsync(string ns) => (await new WidgetClient(api.Admin, ns).GetAsync("w"))!.Status?.Note;

    private static int ReadyCount(string journal) => Lines(journal).Count(e => e.What == "is-ready");

    /// <summary>What the replicas did as leaders.</summary>
    private static List<(long At, string Identity, string What)> Entries(string journal)
        => [.. Lines(journal).Where(e => e.What != "is-ready")];

    private static List<(long At, string Identity, string What)> Lines(string journal)
    {
        using var file = new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return [.. reader.ReadToEnd().Split('\n').Select(l => l.Split(' ')).Where(p => p.Length == 3).Select(p => (long.Parse(p[0]), p[1], p[2]))];
    }

    private static void AssertNeverBoth(List<(long At, string Identity, string What)> entries)
    {
        // Terms do not interleave: once another replica has begun, the one before does not act again.
        var order = entries.OrderBy(e => e.At).Select(e => e.Identity).ToList();
        var terms = order.Where((identity, i) => i == 0 || order[i - 1] != identity).ToList();
        Assert.Equal(terms.Distinct(), terms);
    }
}
