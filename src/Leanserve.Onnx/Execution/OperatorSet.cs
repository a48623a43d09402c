using System.Runtime.ExceptionServices;
using Microsoft.ML.OnnxRuntime;

namespace Leanserve.Onnx.Execution;

/// <summary>The operators of our own that one session uses, under one domain, and the weights they keep.</summary>
internal sealed class OperatorSet(int threads) : IDisposable
{
    private readonly List<CustomOperator> _operators = [];
    private readonly List<IDisposable> _owned = [];
    private nint _domain;
    private Exception? _fault;

    /// <summary>Threads that a node's tasks are spread over.</summary>
    public int Threads => threads;

    /// <summary>For a node's own use while it computes: a session runs one node at a time.</summary>
    public AlignedScratch Scratch { get; } = new();

    /// <summary>Makes an operator known; all its inputs and outputs are f32.</summary>
    /// <param name="name">The node's type in the graph.</param>
    /// <param name="inputs">Number of inputs.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="create">The kernel of a node, by the value of its attribute <see cref="CustomOperator.IndexAttribute"/>.</param>
    public void Add(string name, int inputs, int outputs, Func<int, OperatorKernel> create) =>
        _operators.Add(new CustomOperator(this, name, inputs, outputs, create));

    /// <summary>To be disposed of with the set.</summary>
    public void Own(IDisposable resource) => _owned.Add(resource);

    /// <summary>Makes the operators known to a session that is about to be opened.</summary>
    public void Register(SessionOptions options)
    {
        _domain = CustomOperator.CreateDomain(_operators);
        OrtNative.AddDomain(options, _domain);
    }

    /// <summary>Remembers a fault; exceptions must not pass through native code.</summary>
    public void Report(Exception exception) => Interlocked.CompareExchange(ref _fault, exception, null);

    /// <summary>Throws what was reported since the last call.</summary>
    public void ThrowFault()
    {
        if (Interlocked.Exchange(ref _fault, null) is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    public void Dispose()
    {
        if (_domain != 0)
        {
            OrtNative.ReleaseDomain(_domain);
        }

        _operators.ForEach(each => each.Dispose());
        _owned.ForEach(each => each.Dispose());
    }
}
