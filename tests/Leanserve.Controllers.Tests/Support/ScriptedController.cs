using Leanserve.Controllers.Sdk;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>A controller that does what its <see cref="WidgetScript"/> says.</summary>
public sealed class ScriptedController(WidgetScript script) : IEntityController<Widget>
{
    public Task<ReconciliationResult<Widget>> ReconcileAsync(Widget entity, CancellationToken cancellationToken)
        => script.ReconcileAsync(entity, cancellationToken);

    public Task<ReconciliationResult<Widget>> DeletedAsync(Widget entity, CancellationToken cancellationToken)
    {
        script.Deleted.Enqueue(entity);
        return script.OnDeleted(entity, cancellationToken);
    }
}
