using k8s.Models;
using Leanserve.Controllers.Sdk;
using Microsoft.Extensions.Time.Testing;

namespace Leanserve.Controllers.Tests.Unit;

public sealed class EventAggregatorTests
{
    private readonly FakeTimeProvider time = new();
    private readonly EventAggregator aggregator;

    public EventAggregatorTests()
    {
        aggregator = new EventAggregator(time);
    }

    [Fact, Trait("Case", "31")]
    public void Aggregate_TheSameEventAgain_CountsUpOneObject()
    {
        var writes = Enumerable.Range(0, 5).Select(_ => aggregator.Aggregate(Event("a", "same"))!).ToList();
        Assert.Single(writes.Select(w => w.Name).Distinct());
        Assert.Equal([1, 2, 3, 4, 5], writes.Select(w => w.Count));
    }

    [Fact, Trait("Case", "31")]
    public void Aggregate_ManyMessagesForOneReason_ShareOneObjectFromTheEleventhOn()
    {
        var writes = Enumerable.Range(0, 20).Select(i => aggregator.Aggregate(Event("a", $"message {i}"))!).ToList();
        Assert.Equal(11, writes.Select(w => w.Name).Distinct().Count());
        Assert.Equal("(combined from similar events): message 19", writes[^1].Message);
        Assert.Equal(10, writes[^1].Count);
    }

    [Fact, Trait("Case", "31")]
    public void Aggregate_AFloodOnOneEntity_IsLimitedAndLeavesOthersTheirs()
    {
        Assert.Equal(25, Enumerable.Range(0, 1000).Count(_ => aggregator.Aggregate(Event("a", "same")) is not null));
        Assert.NotNull(aggregator.Aggregate(Event("b", "same")));

        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(2, Enumerable.Range(0, 1000).Count(_ => aggregator.Aggregate(Event("a", "same")) is not null));
    }

    [Fact]
    public void Aggregate_ALongMessage_IsCutToWhatTheApiServerTakes()
        => Assert.Equal(1024, aggregator.Aggregate(Event("a", new string('x', 5000)))!.Message.Length);

    private EventRecord Event(string name, string message) => new(
        new V1ObjectReference { Kind = "Widget", Name = name, NamespaceProperty = "n", Uid = "u-" + name }, "Reason", message, EventType.Normal, time.GetUtcNow());
}
