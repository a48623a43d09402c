namespace Leanserve.Controllers;

/// <summary>What the probes ask.</summary>
public sealed class OperatorHealth
{
    private readonly InformerRegistry registry;
    private volatile bool started;
    private volatile string? failure;

    internal OperatorHealth(InformerRegistry registry)
    {
        this.registry = registry;
    }

    /// <summary>Why the process should be restarted; null if it should not.</summary>
    public string? LivenessFailure => failure is null ? null : $"the operator failed: {failure}";

    /// <summary>Why the process is not ready; null if it is. A follower with warm caches is ready.</summary>
    public string? ReadinessFailure
    {
        get
        {
            var waiting = registry.All.Where(i => !i.IsReady).Select(i => i.Kind.ToString()).ToList();
            return LivenessFailure
                ?? (!started ? "the operator has not started" : null)
                ?? (waiting.Count > 0 ? $"waiting for the first list of {string.Join(", ", waiting)}" : null);
        }
    }

    internal void Started() => started = true;

    internal void Failed(string message) => failure = message;
}
