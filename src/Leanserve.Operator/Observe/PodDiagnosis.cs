using k8s.Models;

namespace Leanserve.Operator.Observe;

/// <summary>Why pods are not ready, in their own words.</summary>
/// <param name="Reason">CamelCase, from the pod's status.</param>
/// <param name="Message">Which pod, and what it or its node said.</param>
/// <param name="IsFailure">Whether waiting alone will not help: the container crashed, its image cannot be had, or nothing can run it.</param>
public sealed record PodDiagnosis(string Reason, string Message, bool IsFailure)
{
    /// <summary>Longest message taken from a pod; what a container writes last may be long.</summary>
    private const int LongestMessage = 400;

    private static readonly HashSet<string> FailedWaits = ["CrashLoopBackOff", "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "CreateContainerConfigError", "CreateContainerError", "RunContainerError"];

    /// <summary>The gravest trouble among the pods, or null where all are ready.</summary>
    public static PodDiagnosis? Of(IEnumerable<V1Pod> pods)
    {
        var troubles = pods.Where(p => p.Metadata.DeletionTimestamp is null).Select(Of).OfType<PodDiagnosis>().ToList();
        return troubles.Find(t => t.IsFailure) ?? troubles.FirstOrDefault();
    }

    private static PodDiagnosis? Of(V1Pod pod)
    {
        var name = pod.Metadata.Name;
        foreach (var container in (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []))
        {
            if (container.State?.Waiting is { Reason: { } waiting } wait && FailedWaits.Contains(waiting))
            {
                var last = Words(container.LastState?.Terminated) ?? wait.Message ?? "no message";
                return new PodDiagnosis(waiting, Clip($"Pod {name}: {last}"), true);
            }

            if (container.State?.Terminated is { ExitCode: not 0 } ended)
            {
                return new PodDiagnosis(ended.Reason ?? "Error", Clip($"Pod {name}: {Words(ended)}"), true);
            }

            // Between a crash and the next back-off the container runs again; what it said last time still explains why it is not ready.
            if (!container.Ready && container.RestartCount > 0 && Words(container.LastState?.Terminated) is { } earlier)
            {
                return new PodDiagnosis("Restarted", Clip($"Pod {name} restarted {container.RestartCount} times: {earlier}"), true);
            }
        }

        var conditions = pod.Status?.Conditions ?? [];
        if (conditions.FirstOrDefault(c => c.Type == "PodScheduled" && c.Status == "False") is { } unscheduled)
        {
            return new PodDiagnosis(unscheduled.Reason ?? "Unschedulable", Clip($"Pod {name}: {unscheduled.Message}"), true);
        }

        if (pod.Status?.Reason is { } evicted && pod.Status.Phase == "Failed")
        {
            return new PodDiagnosis(evicted, Clip($"Pod {name}: {pod.Status.Message}"), true);
        }

        return conditions.Any(c => c.Type == "Ready" && c.Status == "True") ? null : new PodDiagnosis("Starting", $"Pod {name} is starting.", false);
    }

    private static string? Words(V1ContainerStateTerminated? ended) => ended switch
    {
        null => null,
        { Message: { Length: > 0 } message } => $"{message.Trim()} (exit status {ended.ExitCode})",
        _ => $"{ended.Reason ?? "ended"} with exit status {ended.ExitCode}",
    };

    private static string Clip(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= LongestMessage ? line : string.Concat(line.AsSpan(0, LongestMessage - 1), "…");
    }
}
