using System.Globalization;
using System.Runtime.CompilerServices;

namespace Leanserve.Benchmarks.Soak;

/// <summary>
/// The server over HTTP under mixed load at 90 % of the capacity that it shows at the start, while its documents change every minute; then every answer is
/// held against that of the same request alone, in a fresh server, over the same version of the documents. Fails on any error that the client did not
/// cause, on any other answer, on a comparison that would miss one (<see cref="SoakControl"/>), and on growing memory. Takes <c>SOAK_MINUTES</c>, 30 by default, and some minutes more for the requests alone.
/// </summary>
internal sealed class SoakBenchmark : IBenchmark
{
    /// <summary>Growth over the time measured that is no leak: what the collector leaves lying about.</summary>
    private const double MaxGrowth = 0.02;

    /// <inheritdoc/>
    public string Name => "soak";

    private static TimeSpan Duration =>
        TimeSpan.FromMinutes(double.Parse(Environment.GetEnvironmentVariable("SOAK_MINUTES") ?? "30", CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public async IAsyncEnumerable<Figure> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var documents = new SoakDocuments();
        var tally = new SoakTally(Console.Error);
        var memory = new MemoryTrend();
        double capacity;
        int errors;
        await using (var server = await documents.ServeAsync(cancellationToken))
        {
            using var client = new SoakClient(server.Http.BaseAddress!, tally);
            var load = new SoakLoad(server, client, documents, tally, memory);
            capacity = await load.MeasureCapacityAsync(Duration, cancellationToken);
            await load.RunAsync(capacity, Duration, cancellationToken);
            foreach (string line in server.Errors)
            {
                tally.Fail($"the server's log: {line}");
            }
        }

        await CompareAsync(documents, tally, cancellationToken);
        errors = tally.Errors;
        await memory.SaveAsync(Path.Combine("artifacts", "bench", "soak-memory.csv"), cancellationToken);
        Console.WriteLine(memory.Chart());
        yield return Count("capacity", capacity, "requests/s");
        yield return Count("answered", tally.Answered, "answers");
        yield return Count("compared with the same request alone", tally.Compared, "answers");
        yield return Count("streams left by the client", tally.Left, "requests");
        yield return Count("malformed, refused", tally.Refused, "requests");
        yield return Count("versions of the documents answered from", tally.Versions, "versions");
        yield return Count("errors that the client did not cause", errors, "errors");
        yield return Count("answers unlike those of the same request alone", tally.Different, "answers");
        yield return Count("memory at the end", memory.Last, "MB");
        yield return Count("trend of memory after warm-up", memory.SlopePerHour, "MB/hour");
        yield return Count("growth of memory after warm-up", 100 * memory.Growth, "%");
        if (errors > 0 || tally.Different > 0 || tally.Compared != tally.Answered || memory.Growth > MaxGrowth)
        {
            throw new BenchmarkFailedException("errors, differences or growing memory; see the figures above.");
        }
    }

    /// <summary>Asks whatever was asked once more, one request at a time, version by version.</summary>
    private static async Task CompareAsync(SoakDocuments documents, SoakTally tally, CancellationToken cancellationToken)
    {
        documents.Write(edition: 0);
        await using var server = await documents.ServeAsync(cancellationToken);
        using var client = new SoakClient(server.Http.BaseAddress!, tally);
        await SoakControl.CheckAsync(client, cancellationToken);
        for (int edition = 0; edition < documents.Editions; edition++)
        {
            documents.Write(edition);
            await client.WaitForDocumentsAsync(documents.Hash, cancellationToken);
            Console.WriteLine($"soak: alone, documents {edition + 1} of {documents.Editions}, {tally.Different} different so far");
            foreach (int kind in tally.Asked(documents.Hash))
            {
                await client.CompareAsync(kind, cancellationToken);
            }
        }
    }

    private static Figure Count(string name, double value, string unit) => new($"soak: {name}", value, unit, null, null, Hardware.Describe());
}
