using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>All volumes of one pod.</summary>
internal sealed class PodVolumes
{
    private readonly Dictionary<string, IPodVolume> _volumes;

    public PodVolumes(V1Pod pod, PodFields fields, string directory, NodeServices node)
    {
        var factory = new VolumeFactory(pod, fields, directory, node);
        _volumes = (pod.Spec.Volumes ?? []).ToDictionary(volume => volume.Name, factory.Create);
    }

    /// <summary>Prepares every volume, or brings it up to date.</summary>
    /// <exception cref="VolumeNotReadyException">One is not ready; the message names it.</exception>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (var (name, volume) in _volumes)
        {
            try
            {
                await volume.PrepareAsync(cancellation).ConfigureAwait(false);
            }
            catch (VolumeNotReadyException problem)
            {
                problems.Add($"MountVolume.SetUp failed for volume \"{name}\" : {problem.Message}");
            }
        }

        if (problems.Count > 0)
        {
            throw new VolumeNotReadyException(string.Join("; ", problems));
        }
    }

    /// <summary>The container's mounts, after <see cref="PrepareAsync"/>.</summary>
    /// <exception cref="ContainerConfigException">A mount names no volume of the pod, or a sub-path that leaves its volume.</exception>
    public IEnumerable<SandboxMount> MountsOf(V1Container container, VariableExpansion variables)
    {
        foreach (var mount in container.VolumeMounts ?? [])
        {
            if (!_volumes.TryGetValue(mount.Name, out var volume))
            {
                throw new ContainerConfigException($"volume mount {mount.Name} names no volume of the pod");
            }

            var subPath = mount.SubPathExpr is { Length: > 0 } expression ? variables.Expand(expression) : mount.SubPath;
            var source = string.IsNullOrEmpty(subPath) ? volume.HostPath : ResolveSubPath(volume, subPath);
            yield return new SandboxMount(source, mount.MountPath.TrimEnd('/'), volume.IsReadOnly || mount.ReadOnlyProperty == true);
        }
    }

    private static string ResolveSubPath(IPodVolume volume, string subPath)
    {
        var root = Path.GetFullPath(volume.HostPath);
        var target = Path.GetFullPath(Path.Combine(root, subPath));
        if (!target.StartsWith(root + "/", StringComparison.Ordinal))
        {
            throw new ContainerConfigException($"subPath '{subPath}' leaves its volume; it must be a relative path without '..'");
        }

        if (!Path.Exists(target) && !volume.IsReadOnly)
        {
            Directory.CreateDirectory(target);
        }

        if (!Path.Exists(target))
        {
            throw new ContainerConfigException($"subPath '{subPath}' does not exist in its volume, which is read-only");
        }

        // A projected file is a chain of links, which a bind mount must not end at.
        return File.ResolveLinkTarget(target, returnFinalTarget: true)?.FullName ?? target;
    }
}
