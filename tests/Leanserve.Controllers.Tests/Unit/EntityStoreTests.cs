using CsCheck;
using k8s.Models;

namespace Leanserve.Controllers.Tests.Unit;

public sealed class EntityStoreTests
{
    private static readonly Gen<V1ConfigMap> Objects =
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[1, 5], Gen.Int[0, 3], (name, incarnation, version, owner) => new V1ConfigMap
        {
            Metadata = new V1ObjectMeta
            {
                Name = $"c{name}",
                NamespaceProperty = "n",
                Uid = $"u{name}.{incarnation}",
                ResourceVersion = $"{version}",
                OwnerReferences = owner == 0 ? null : [new V1OwnerReference { Uid = $"o{owner}", Kind = "Widget", Name = "w", ApiVersion = "v1" }],
            },
        });

    [Fact, Trait("Case", "3")]
    public void Upsert_AnotherObjectOfTheSameName_ReportsBoth()
    {
        var store = new EntityStore<V1ConfigMap>();
        store.Upsert(Make("u1", "1"));
        var changes = store.Upsert(Make("u2", "2"));

        Assert.Collection(
            changes,
            first => Assert.Equal(("u1", null), (first.Before?.Metadata.Uid, first.After?.Metadata.Uid)),
            second => Assert.Equal((null, "u2"), (second.Before?.Metadata.Uid, second.After?.Metadata.Uid)));
    }

    [Fact]
    public void Upsert_SameVersionAgain_ReportsNothing()
    {
        var store = new EntityStore<V1ConfigMap>();
        store.Upsert(Make("u1", "1"));
        Assert.Empty(store.Upsert(Make("u1", "1")));
    }

    /// <summary>
    /// Whatever mixture of lists and events arrives, a follower that only sees the reported changes holds the same objects as the
    /// store, and the owner index agrees with a full search.
    /// </summary>
    [Fact, Trait("Case", "1")]
    public void AnyMixtureOfListsAndEvents_TheReportedChangesAreCompleteAndTheIndexIsRight()
        => Gen.Select(Gen.Int[0, 2], Objects, Objects.Array[0, 6]).Array[1, 40].Sample(steps =>
        {
            var store = new EntityStore<V1ConfigMap>();
            var follower = new Dictionary<string, string>();
            foreach (var (action, one, many) in steps)
            {
                var changes = action switch
                {
                    0 => store.Upsert(one),
                    1 => store.Remove(one),
                    _ => store.Replace(many.DistinctBy(m => m.Metadata.Name)),
                };
                foreach (var change in changes)
                {
                    if (change.Before is { } before && !follower.Remove(before.Metadata.Uid))
                    {
                        return false;
                    }

                    if (change.After is { } after && !follower.TryAdd(after.Metadata.Uid, after.Metadata.ResourceVersion))
                    {
                        return false;
                    }
                }

                var all = store.List(null);
                if (follower.Count != all.Count || !all.All(o => follower.GetValueOrDefault(o.Metadata.Uid) == o.Metadata.ResourceVersion))
                {
                    return false;
                }
            }

            return Enumerable.Range(1, 3).Select(o => $"o{o}").All(owner =>
                store.ListOwnedBy(owner).Select(o => o.Metadata.Uid).Order()
                    .SequenceEqual(store.List(null).Where(o => o.Metadata.OwnerReferences?.Any(r => r.Uid == owner) == true)
                        .Select(o => o.Metadata.Uid).Order()));
        });

    private static V1ConfigMap Make(string uid, string version) => new()
    {
        Metadata = new V1ObjectMeta { Name = "c", NamespaceProperty = "n", Uid = uid, ResourceVersion = version },
    };
}
