using k8s;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>How an operator under test differs from the plain one.</summary>
public sealed record OperatorSetup
{
    /// <summary>Namespace to work in; null: a new one.</summary>
    public string? Namespace { get; init; }

    public Action<OperatorSettings> Settings { get; init; } = _ => { };

    public Action<ControllerBuilder<Widget>> Controller { get; init; } = _ => { };

    /// <summary>Registers something else than the scripted controller.</summary>
    public Action<IOperatorBuilder>? Register { get; init; }

    public bool WithFinalizer { get; init; }

    /// <summary>Set before the operator starts; the second argument gives access to its services.</summary>
    public Action<WidgetScript, OperatorUnderTest> Script { get; init; } = (_, _) => { };

    /// <summary>Faults to put between the operator and the API server.</summary>
    public DelegatingHandler[] Handlers { get; init; } = [];

    /// <summary>Connects as somebody else than the administrator.</summary>
    public Func<Uri, Kubernetes>? Client { get; init; }

    public bool WaitUntilReady { get; init; } = true;
}
