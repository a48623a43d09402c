namespace Leanserve.Benchmarks.Prediction;

/// <summary>A folder that is gone afterwards.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("leanserve-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
