using LocalCluster.ControlPlane;
using LocalCluster.NodeAgents;

namespace Leanserve.Demo;

/// <summary>Files of the checkout that the demo was built from.</summary>
public static class Repository
{
    private static readonly string Root = FindRoot();

    /// <summary>A path under the checkout's root.</summary>
    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    /// <summary>The programs that stand in for our container images on a node without a container engine.</summary>
    public static ImageTable Images() => new ImageTable()
        .Add("leanserve/operator", Program("leanserve-operator"))
        .Add("leanserve/server", Program("leanserve-server"))
        .Add("leanserve/cli", Program("leanserve"));

    /// <summary>Copies the control plane's logs to where they outlive it.</summary>
    public static string KeepLogs(LocalControlPlane controlPlane)
    {
        var kept = Path("artifacts/demo-logs");
        if (Directory.Exists(kept))
        {
            Directory.Delete(kept, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(controlPlane.DataDirectory, "*.log", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(controlPlane.LogDirectory, "*", SearchOption.AllDirectories)).Distinct())
        {
            var target = System.IO.Path.Combine(kept, file.TrimStart('/').Replace('/', '_'));
            Directory.CreateDirectory(kept);
            File.Copy(file, target, overwrite: true);
        }

        return kept;
    }

    private static string Program(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, name);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Operator.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DemoFailedException($"No checkout of Leanserve above {AppContext.BaseDirectory}; run the demo with `make demo` in a clone.");
    }
}
