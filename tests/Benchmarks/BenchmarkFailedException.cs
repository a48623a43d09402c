namespace Leanserve.Benchmarks;

/// <summary>What was measured breaks what the benchmark asserts.</summary>
internal sealed class BenchmarkFailedException(string message) : Exception(message);
