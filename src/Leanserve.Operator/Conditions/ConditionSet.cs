using k8s.Models;

namespace Leanserve.Operator.Conditions;

/// <summary>The conditions of one resource during one reconcile: carried over from the last status, set anew, and stamped only where they flip.</summary>
/// <param name="previous">The conditions of the last status.</param>
/// <param name="generation">The generation that this reconcile observes.</param>
/// <param name="now">The time of a flip.</param>
public sealed class ConditionSet(IEnumerable<V1Condition>? previous, long generation, DateTimeOffset now)
{
    // Kubernetes' times have whole seconds.
    private readonly DateTime _now = now.UtcDateTime.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerSecond));

    private readonly Dictionary<string, V1Condition> _previous = (previous ?? []).ToDictionary(c => c.Type, StringComparer.Ordinal);
    private readonly Dictionary<string, V1Condition> _current = new(StringComparer.Ordinal);

    public void True(string type, string reason, string message) => Set(type, "True", reason, message);

    public void False(string type, string reason, string message) => Set(type, "False", reason, message);

    public void Unknown(string type, string reason, string message) => Set(type, "Unknown", reason, message);

    /// <summary>The condition as set in this reconcile, or null.</summary>
    public V1Condition? this[string type] => _current.GetValueOrDefault(type);

    /// <summary>The condition as the last status had it, or null on first sight.</summary>
    public V1Condition? Previous(string type) => _previous.GetValueOrDefault(type);

    /// <summary>Whether the condition's status differs from the last one seen; a first sight as Unknown is no flip.</summary>
    public bool Flipped(string type) => _current.TryGetValue(type, out var c) && c.Status != (_previous.GetValueOrDefault(type)?.Status ?? "Unknown");

    /// <summary>All conditions in the given order; those not set in this reconcile become Unknown, keeping a reason why.</summary>
    public IList<V1Condition> ToList(IEnumerable<string> order, string unsetReason, string unsetMessage)
    {
        var list = new List<V1Condition>();
        foreach (var type in order)
        {
            if (!_current.ContainsKey(type))
            {
                Unknown(type, unsetReason, unsetMessage);
            }

            list.Add(_current[type]);
        }

        return list;
    }

    private void Set(string type, string status, string reason, string message)
    {
        var flippedAt = _previous.TryGetValue(type, out var before) && before.Status == status ? before.LastTransitionTime : _now;
        _current[type] = new V1Condition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message,
            ObservedGeneration = generation,
            LastTransitionTime = flippedAt,
        };
    }
}
