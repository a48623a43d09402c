namespace Leanserve.Demo;

/// <summary>A volume for the claim <c>models</c>: a local cluster has no storage class that would make one.</summary>
public static class LocalVolume
{
    /// <summary>Makes the folder, writable for the pods' unprivileged user, and returns the PersistentVolume's manifest.</summary>
    public static string Manifest(string dataDirectory)
    {
        var folder = Path.Combine(dataDirectory, "models");
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        }

        return $$"""
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: leanserve-demo-models}
            spec:
              capacity: {storage: 1Gi}
              accessModes: [ReadWriteOnce]
              persistentVolumeReclaimPolicy: Retain
              claimRef: {namespace: leanserve-demo, name: models}
              hostPath: {path: {{folder}}}
            """;
    }
}
