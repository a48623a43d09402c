using Leanserve.Engine;
using Microsoft.ML.OnnxRuntime;

namespace Leanserve.Onnx.Execution;

/// <summary>How a session attends over the prefix tree, and where it keeps keys and values.</summary>
internal interface IAttention : IDisposable
{
    /// <summary>Binds what stays the same from step to step.</summary>
    void Bind(OrtIoBinding binding);

    /// <summary>Hands a step's paths over, before the session runs.</summary>
    /// <param name="step">The step.</param>
    /// <param name="binding">Where to bind inputs of this step.</param>
    /// <param name="stepValues">Values to be disposed of after the step.</param>
    void Prepare(ModelStep step, OrtIoBinding binding, List<OrtValue> stepValues);

    /// <summary>After the session has run.</summary>
    void Complete();

    /// <summary>Where keys and values are.</summary>
    IKvBuffer Cache { get; }
}
