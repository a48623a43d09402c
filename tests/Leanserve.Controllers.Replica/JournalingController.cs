using k8s.Models;
using Leanserve.Controllers.Sdk;
using Leanserve.Controllers.Tests.Support;

namespace Leanserve.Controllers.Replica;

/// <summary>Writes a ConfigMap again and again and notes when.</summary>
public sealed class JournalingController(Journal journal, IEntityWriter writer) : IEntityController<Widget>
{
    /// <inheritdoc />
    public async Task<ReconciliationResult<Widget>> ReconcileAsync(Widget entity, CancellationToken cancellationToken)
    {
        journal.Note("begins");
        await writer.ApplyAsync(
            new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "child", NamespaceProperty = entity.Metadata.NamespaceProperty } },
            cancellationToken);
        await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        journal.Note("ends");
        return ReconciliationResult<Widget>.Success(entity, TimeSpan.FromMilliseconds(20));
    }

    /// <inheritdoc />
    public Task<ReconciliationResult<Widget>> DeletedAsync(Widget entity, CancellationToken cancellationToken)
        => Task.FromResult(ReconciliationResult<Widget>.Success(entity));
}
