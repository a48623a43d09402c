using System.Diagnostics;
using System.Globalization;
using Leanserve.Benchmarks.Prediction;

namespace Leanserve.Benchmarks.Soak;

/// <summary>The load: first as much as the server takes, to learn its capacity, then Poisson arrivals at a share of that.</summary>
internal sealed class SoakLoad(ServerProcess server, SoakClient client, SoakDocuments documents, SoakTally tally, MemoryTrend memory)
{
    private const double Share = 0.9;

    // Twice what the server decodes side by side: it is never short of work.
    private const int Workers = 24;

    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(5);

    /// <summary>Requests a second with every worker busy, once code and caches are warm.</summary>
    public async Task<double> MeasureCapacityAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var measured = TimeSpan.FromSeconds(Math.Min(60, duration.TotalSeconds / 6));
        await SaturateAsync(measured / 3, cancellationToken);
        double capacity = await SaturateAsync(measured, cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"soak: capacity {capacity:0.0} requests/s; {duration.TotalMinutes:0.#} minutes at {Share:0 %} of it"));
        return capacity;
    }

    public async Task RunAsync(double capacity, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var clock = Stopwatch.StartNew();
        var watching = WatchAsync(clock, duration, ended.Token);
        var changing = ChangeAsync(TimeSpan.FromMinutes(Math.Min(1, duration.TotalMinutes / 4)), ended.Token);
        await ArriveAsync(clock, Share * capacity, duration, cancellationToken);
        await ended.CancelAsync();
        await Task.WhenAll(watching, changing);
    }

    private async Task<double> SaturateAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        int sent = 0;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async worker =>
        {
            var random = new Random(worker);
            while (clock.Elapsed < duration)
            {
                await client.SendAsync(random, cancellationToken);
                Interlocked.Increment(ref sent);
            }
        }));
        return sent / clock.Elapsed.TotalSeconds;
    }

    private async Task ArriveAsync(Stopwatch clock, double rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        HashSet<Task> running = [];
        for (var due = TimeSpan.Zero; due < duration; due += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / rate))
        {
            if (due > clock.Elapsed)
            {
                await Task.Delay(due - clock.Elapsed, cancellationToken);
            }

            running.RemoveWhere(task => task.IsCompletedSuccessfully);
            running.Add(client.SendAsync(new Random(random.Next()), cancellationToken));
        }

        await Task.WhenAll(running);
    }

    private async Task ChangeAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval);
        while (await NextAsync(timer, cancellationToken))
        {
            documents.Write(documents.Editions);
        }
    }

    private async Task WatchAsync(Stopwatch clock, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(SampleEvery);
        var report = TimeSpan.Zero;
        while (await NextAsync(timer, cancellationToken))
        {
            memory.Add(clock.Elapsed, server.MemoryBytes / 1e6);
            if (clock.Elapsed >= report)
            {
                report += ReportEvery;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"soak: {clock.Elapsed:mm\\:ss} of {duration:mm\\:ss}, {tally.Answered} answered, {tally.Left} left, {tally.Refused} refused, {tally.Errors} errors, documents {documents.Editions}, {memory.Last:0} MB"));
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
