namespace LocalCluster.NodeAgents;

/// <summary>Hands out GPU indexes to containers, as a device plugin does; the scheduler has already counted them.</summary>
internal sealed class GpuAllocator(int count)
{
    private readonly Lock _gate = new();
    private readonly SortedSet<int> _free = [.. Enumerable.Range(0, count)];

    /// <summary>The lowest free indexes; null where fewer are free, which happens while an earlier pod still holds them.</summary>
    public IReadOnlyList<int>? TryTake(int wanted)
    {
        lock (_gate)
        {
            if (_free.Count < wanted)
            {
                return null;
            }

            int[] taken = [.. _free.Take(wanted)];
            _free.ExceptWith(taken);
            return taken;
        }
    }

    public void Return(IReadOnlyList<int> indexes)
    {
        lock (_gate)
        {
            _free.UnionWith(indexes);
        }
    }
}
