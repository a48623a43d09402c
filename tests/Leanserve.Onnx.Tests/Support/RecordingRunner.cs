using Leanserve.Engine;

namespace Leanserve.Onnx.Tests.Support;

/// <summary>A real runner whose steps are noted.</summary>
internal sealed class RecordingRunner(IModelRunner inner) : WrappedRunner(inner)
{
    private readonly List<IReadOnlyList<(long Token, long Position)>> _steps = [];

    /// <summary>Tokens and positions of each step.</summary>
    public IReadOnlyList<IReadOnlyList<(long Token, long Position)>> Steps => _steps;

    public override ReadOnlySpan<float> Run(ModelStep step)
    {
        _steps.Add([.. step.TokenIds.ToArray().Zip(step.Positions.ToArray())]);
        return base.Run(step);
    }
}
