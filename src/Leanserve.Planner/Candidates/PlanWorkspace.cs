namespace Leanserve.Planner;

/// <summary>Buffers that the evaluation of one candidate after another reuses.</summary>
internal sealed class PlanWorkspace
{
    public PlanWorkspace(int mostConcurrent, int mostQueued)
    {
        Nominal = new ServiceCurve(mostConcurrent);
        Varied = new ServiceCurve(mostConcurrent);
        Queue = new QueueLoad(mostConcurrent + mostQueued);
    }

    /// <summary>The candidate's speed as predicted.</summary>
    public ServiceCurve Nominal { get; }

    /// <summary>Its speed in a scenario.</summary>
    public ServiceCurve Varied { get; }

    public QueueLoad Queue { get; }
}
