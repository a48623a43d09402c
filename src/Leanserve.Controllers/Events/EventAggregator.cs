using Leanserve.Controllers.Sdk;

namespace Leanserve.Controllers;

/// <summary>
/// Keeps floods of events small, by the rules of Kubernetes's own recorder: repeats count up one object; after ten different messages
/// for one reason within ten minutes further ones share one object; and each entity has a budget of 25 writes that refills by one
/// every five minutes.
/// </summary>
internal sealed class EventAggregator(TimeProvider timeProvider)
{
    private const int MaxDistinctMessages = 10;
    private const int Burst = 25;
    private const int MaxEntities = 4096;
    private const int MaxMessageLength = 1024;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Refill = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, EntityEvents> byEntity = [];

    /// <summary>What to write for <paramref name="record"/>; null if its entity's budget is used up.</summary>
    public EventWrite? Aggregate(EventRecord record)
    {
        var now = timeProvider.GetTimestamp();
        var id = $"{record.Regarding.Kind}/{record.Regarding.NamespaceProperty}/{record.Regarding.Name}/{record.Regarding.Uid}";
        if (!byEntity.TryGetValue(id, out var entity))
        {
            MakeRoom();
            byEntity[id] = entity = new EntityEvents(now);
        }

        entity.LastUsed = now;
        return TakeToken(entity, now) ? Count(entity, record, now) : null;
    }

    private EventWrite Count(EntityEvents entity, EventRecord record, long now)
    {
        var reason = (record.Type, record.Reason);
        if (!entity.Reasons.TryGetValue(reason, out var series) || timeProvider.GetElapsedTime(series.Since, now) > Window)
        {
            entity.Reasons[reason] = series = new ReasonEvents(now);
        }

        var message = record.Message;
        if (!series.ByMessage.ContainsKey(message) && series.ByMessage.Count >= MaxDistinctMessages)
        {
            // All that share the object share this key; the text is the latest one's.
            message = string.Empty;
        }

        if (!series.ByMessage.TryGetValue(message, out var counted))
        {
            counted = new Counted($"{Shorten(record.Regarding.Name, 200)}.{Guid.NewGuid():n}"[..^16], record.At);
            series.ByMessage[message] = counted;
        }

        counted.Count++;
        var text = message.Length == 0 ? "(combined from similar events): " + record.Message : message;
        return new EventWrite(counted.Name, record, Shorten(text, MaxMessageLength), counted.Count, counted.First);
    }

    private bool TakeToken(EntityEvents entity, long now)
    {
        var refilled = timeProvider.GetElapsedTime(entity.RefilledAt, now) / Refill;
        entity.Tokens = Math.Min(Burst, entity.Tokens + refilled);
        entity.RefilledAt = now;
        if (entity.Tokens < 1)
        {
            return false;
        }

        entity.Tokens--;
        return true;
    }

    private void MakeRoom()
    {
        if (byEntity.Count >= MaxEntities)
        {
            foreach (var (id, _) in byEntity.OrderBy(e => e.Value.LastUsed).Take(MaxEntities / 4).ToList())
            {
                byEntity.Remove(id);
            }
        }
    }

    private static string Shorten(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + (length > 500 ? "…" : string.Empty);

    private sealed class EntityEvents(long now)
    {
        public Dictionary<(EventType Type, string Reason), ReasonEvents> Reasons { get; } = [];

        public double Tokens { get; set; } = Burst;

        public long RefilledAt { get; set; } = now;

        public long LastUsed { get; set; } = now;
    }

    private sealed class ReasonEvents(long since)
    {
        public long Since { get; } = since;

        public Dictionary<string, Counted> ByMessage { get; } = [];
    }

    private sealed class Counted(string name, DateTimeOffset first)
    {
        public string Name { get; } = name;

        public DateTimeOffset First { get; } = first;

        public int Count { get; set; }
    }
}
