using k8s.Models;
using LocalCluster.NodeAgents;
using Microsoft.Extensions.Time.Testing;

namespace Integration.Tests.NodeAgent;

/// <summary>The node agent's own rules, which need no cluster.</summary>
public sealed class NodeAgentRuleTests
{
    [Fact]
    public void RestartBackoff_AfterEachCrash_DoublesUpToFiveMinutesAndIsForgottenAfterALongRun()
    {
        var backoff = new RestartBackoff();

        double[] delays = [.. Enumerable.Range(0, 8).Select(_ => backoff.Next(TimeSpan.FromSeconds(1)).TotalSeconds)];

        Assert.Equal([0, 10, 20, 40, 80, 160, 300, 300], delays);
        Assert.Equal(TimeSpan.Zero, backoff.Next(TimeSpan.FromMinutes(11)));
        Assert.Equal(TimeSpan.FromSeconds(10), backoff.Next(TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData("$(A)-$(B)", "1-$(B)")]
    [InlineData("$$(A) $A $(", "$(A) $A $(")]
    [InlineData("$$$(A)", "$1")]
    public void VariableExpansion_OfReferences_FollowsKubernetes(string text, string expected) =>
        Assert.Equal(expected, new VariableExpansion(new Dictionary<string, string> { ["A"] = "1" }).Expand(text));

    [Theory]
    [InlineData("leanserve/server", "/usr/bin/env")]
    [InlineData("ghcr.io:5000/leanserve/server:0.1.0-cpu", "/usr/bin/env")]
    [InlineData("leanserve/server@sha256:abc", "/usr/bin/env")]
    [InlineData("tagged:2", "/usr/bin/id")]
    [InlineData("tagged:3", null)]
    [InlineData("server", null)]
    public void ImageTable_Find_IgnoresRegistryAndTagUnlessTheyAreStated(string reference, string? executable)
    {
        var images = new ImageTable().Add("leanserve/server", "/usr/bin/env").Add("tagged:2", "/usr/bin/id");

        Assert.Equal(executable, images.Find(reference)?.Executable);
    }

    [Fact]
    public void ImageTable_AddOfAMissingProgram_NamesIt() =>
        Assert.Contains("/nowhere/program", Assert.Throws<ArgumentException>(() => new ImageTable().Add("x", "/nowhere/program")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ProbeLoop_Verdicts_FollowDelayPeriodAndThresholds()
    {
        var time = new FakeTimeProvider();
        var probe = new V1Probe { InitialDelaySeconds = 3, PeriodSeconds = 2, SuccessThreshold = 2, FailureThreshold = 3 };
        // Seconds:            3     5     7      9      11     13
        bool[] outcomes = [true, true, false, false, false, true];
        var attempts = 0;
        var verdicts = new List<(double Second, bool Verdict)>();
        using var stop = new CancellationTokenSource();
        var start = time.GetUtcNow();
        var following = Task.Run(async () =>
        {
            var loop = ProbeLoop.VerdictsAsync(
                probe, false, () => Task.FromResult(outcomes[attempts++] ? null : "no"), _ => Task.CompletedTask, time, stop.Token);
            await foreach (var verdict in loop)
            {
                verdicts.Add(((time.GetUtcNow() - start).TotalSeconds, verdict));
            }
        }, TestContext.Current.CancellationToken);

        for (var second = 1; second <= 13; second++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await NodeAgentCluster.EventuallyAsync(() => Task.FromResult(attempts == outcomes.Length));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        Assert.Equal([(5, true), (11, false)], verdicts);
    }

    [Fact]
    public void AtomicFolder_Written_SwapsAllFilesAtOnceAndRemovesOldNames()
    {
        var path = Directory.CreateTempSubdirectory("node-agent-test-").FullName;
        var folder = new AtomicFolder(path, null);
        folder.Write([File("a", "1"), File("sub/b", "2")]);
        var first = Directory.ResolveLinkTarget(Path.Combine(path, "..data"), false)!.Name;
        folder.Write([File("a", "1"), File("sub/b", "2")]);
        Assert.Equal(first, Directory.ResolveLinkTarget(Path.Combine(path, "..data"), false)!.Name);

        folder.Write([File("c", "3")]);

        Assert.Equal("3", System.IO.File.ReadAllText(Path.Combine(path, "c")));
        Assert.Equal(["..data", "c"], Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName).Where(name => !name!.StartsWith("..g", StringComparison.Ordinal)).Order());
        Directory.Delete(path, recursive: true);

        static VolumeFile File(string path, string text) => new(path, System.Text.Encoding.UTF8.GetBytes(text), KeyedFiles.Mode(null, null));
    }
}
