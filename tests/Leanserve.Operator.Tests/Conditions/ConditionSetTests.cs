using k8s.Models;
using Leanserve.Operator.Conditions;

namespace Leanserve.Operator.Tests.Conditions;

public sealed class ConditionSetTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTime Earlier = new(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Set_SameStatusAsBefore_KeepsTheTransitionTime()
    {
        var set = new ConditionSet([Condition("Ready", "False", "Inspecting")], 3, Now);
        set.False("Ready", "CrashLoopBackOff", "boom");
        Assert.Equal(Earlier, set["Ready"]!.LastTransitionTime);
        Assert.Equal("CrashLoopBackOff", set["Ready"]!.Reason);
        Assert.Equal(3, set["Ready"]!.ObservedGeneration);
    }

    [Fact]
    public void Set_OtherStatusThanBefore_StampsTheTransition()
    {
        var set = new ConditionSet([Condition("Ready", "False", "Inspecting")], 3, Now);
        set.True("Ready", "Serving", "fine");
        Assert.Equal(Now.UtcDateTime, set["Ready"]!.LastTransitionTime);
    }

    [Fact]
    public void ToList_ConditionNeverReached_IsUnknownWithAReason()
    {
        var set = new ConditionSet(null, 1, Now);
        set.True("B", "Fine", "fine");
        var list = set.ToList(["A", "B"], "NotReached", "why");
        Assert.Equal(["A", "B"], list.Select(c => c.Type));
        Assert.Equal("Unknown", list[0].Status);
        Assert.Equal("NotReached", list[0].Reason);
        Assert.Equal(Now.UtcDateTime, list[0].LastTransitionTime);
    }

    private static V1Condition Condition(string type, string status, string reason) =>
        new() { Type = type, Status = status, Reason = reason, Message = "before", LastTransitionTime = Earlier };
}
