using Leanserve.Controllers.Sdk;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>A finalizer that does what its <see cref="WidgetScript"/> says.</summary>
public sealed class ScriptedFinalizer(WidgetScript script) : IEntityFinalizer<Widget>
{
    public const string Identifier = "test.leanserve.io/cleanup";

    public Task<ReconciliationResult<Widget>> FinalizeAsync(Widget entity, CancellationToken cancellationToken)
    {
        script.Finalized.Enqueue(entity);
        return script.OnFinalize(entity, cancellationToken);
    }
}
