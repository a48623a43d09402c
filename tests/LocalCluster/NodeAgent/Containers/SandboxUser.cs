using System.Globalization;
using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>The identity and rights of a container's processes, from the pod's and the container's security context.</summary>
internal sealed record SandboxUser(long UserId, long GroupId, IReadOnlyList<long> SupplementalGroups, IReadOnlyList<string> Capabilities, bool NoNewPrivileges)
{
    /// <summary>What containerd and Docker leave to a container's root by default.</summary>
    private static readonly string[] DefaultCapabilities =
    [
        "audit_write", "chown", "dac_override", "fowner", "fsetid", "kill", "mknod", "net_bind_service", "net_raw", "setfcap", "setgid", "setpcap",
        "setuid", "sys_chroot"
    ];

    public static SandboxUser From(V1Pod pod, V1Container container)
    {
        var ofPod = pod.Spec.SecurityContext;
        var own = container.SecurityContext;
        var groups = new List<long>((ofPod?.SupplementalGroups ?? []).OfType<long>());
        if (ofPod?.FsGroup is { } fsGroup)
        {
            groups.Add(fsGroup);
        }

        return new SandboxUser(
            own?.RunAsUser ?? ofPod?.RunAsUser ?? 0,
            own?.RunAsGroup ?? ofPod?.RunAsGroup ?? 0,
            groups,
            CapabilitiesOf(own),
            own?.AllowPrivilegeEscalation == false);
    }

    /// <summary>What kubelet refuses to start: <c>runAsNonRoot</c> with user 0. Null where nothing is wrong.</summary>
    public static string? Violation(V1Pod pod, V1Container container)
    {
        var nonRoot = container.SecurityContext?.RunAsNonRoot ?? pod.Spec.SecurityContext?.RunAsNonRoot;
        return nonRoot == true && From(pod, container).UserId == 0
            ? $"container has runAsNonRoot and image will run as root (pod: \"{pod.Metadata.Name}_{pod.Metadata.NamespaceProperty}({pod.Metadata.Uid})\", container: {container.Name}); set runAsUser"
            : null;
    }

    private static string[] CapabilitiesOf(V1SecurityContext? context)
    {
        static string Normalize(string name) => name.ToLowerInvariant().Replace("cap_", "", StringComparison.Ordinal);
        var dropped = (context?.Capabilities?.Drop ?? []).Select(Normalize).ToList();
        var kept = dropped.Contains("all") ? [] : DefaultCapabilities.Except(dropped);
        return [.. kept.Union((context?.Capabilities?.Add ?? []).Select(Normalize))];
    }

    /// <summary>The setpriv command that takes on this identity and then becomes what follows.</summary>
    public IEnumerable<string> SetprivCommand()
    {
        yield return "/usr/bin/setpriv";
        yield return $"--reuid={UserId.ToString(CultureInfo.InvariantCulture)}";
        yield return $"--regid={GroupId.ToString(CultureInfo.InvariantCulture)}";
        yield return SupplementalGroups.Count == 0 ? "--clear-groups" : $"--groups={string.Join(',', SupplementalGroups)}";
        yield return "--inh-caps=-all";
        yield return $"--bounding-set={string.Join(',', Capabilities.Select(name => "+" + name).Prepend("-all"))}";
        if (NoNewPrivileges)
        {
            yield return "--no-new-privs";
        }

        yield return "--";
    }
}
