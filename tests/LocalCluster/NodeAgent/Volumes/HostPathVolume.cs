using k8s.Models;

namespace LocalCluster.NodeAgents;

/// <summary>A file or folder of this machine.</summary>
internal sealed class HostPathVolume(V1HostPathVolumeSource source) : IPodVolume
{
    public string HostPath => source.Path;

    public bool IsReadOnly => false;

    public Task PrepareAsync(CancellationToken cancellation)
    {
        var problem = source.Type switch
        {
            // Unchecked by kubelet; container runtimes make the missing folder.
            null or "" => Path.Exists(source.Path) ? null : CreateFolder(),
            "Directory" => Directory.Exists(source.Path) ? null : "is not a directory",
            "File" => File.Exists(source.Path) ? null : "is not a file",
            "DirectoryOrCreate" => CreateFolder(),
            "FileOrCreate" => CreateFile(),
            _ => $"has type {source.Type}, which this node agent does not know (Directory, DirectoryOrCreate, File, FileOrCreate)"
        };
        return problem is null ? Task.CompletedTask : throw new VolumeNotReadyException($"hostPath type check failed: {source.Path} {problem}");
    }

    private string? CreateFolder()
    {
        if (File.Exists(source.Path))
        {
            return "is not a directory";
        }

        Directory.CreateDirectory(source.Path);
        return null;
    }

    private string? CreateFile()
    {
        if (Directory.Exists(source.Path))
        {
            return "is not a file";
        }

        if (!File.Exists(source.Path))
        {
            File.WriteAllBytes(source.Path, []);
        }

        return null;
    }
}
