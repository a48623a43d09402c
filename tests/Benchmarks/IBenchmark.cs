namespace Leanserve.Benchmarks;

/// <summary>One subject of <c>make bench</c>.</summary>
internal interface IBenchmark
{
    /// <summary>As in <c>make bench ONLY=name</c>, and the name of its file of results.</summary>
    string Name { get; }

    IAsyncEnumerable<Figure> RunAsync(CancellationToken cancellationToken);
}
