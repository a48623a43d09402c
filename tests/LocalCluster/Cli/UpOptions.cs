using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using LocalCluster.ControlPlane;
using LocalCluster.NodeAgents;

namespace LocalCluster.Cli;

/// <summary>The options of <c>up</c> and how they are read.</summary>
internal sealed class UpOptions
{
    // Image to program, the latter beside this one where `make build` puts both.
    private static readonly Dictionary<string, string> s_ownImages = new()
    {
        ["leanserve/server"] = "leanserve-server",
        ["leanserve/operator"] = "leanserve-operator",
        ["leanserve/cli"] = "leanserve",
    };

    public Option<FileInfo?> Kubeconfig { get; } = new("--kubeconfig")
    {
        Description = "Also write the administrator's kubeconfig to this file; removed at the end.",
    };

    public Option<DirectoryInfo?> Logs { get; } = new("--logs")
    {
        Description = "Write the components' logs into this folder and keep them. Default: a temporary folder, removed at the end.",
    };

    public Option<bool> ApiServerOnly { get; } = new("--api-server-only")
    {
        Description = "Only etcd and kube-apiserver on 127.0.0.1: no controllers, no nodes; needs no root.",
    };

    public Option<LocalNodeOptions[]> Nodes { get; } = new("--node")
    {
        Description = "A node, NAME or NAME=PRODUCT:COUNT:MEBIBYTES for one that claims GPUs, such as gpu-1=NVIDIA-L4:1:23034. Repeatable. Default: local.",
        CustomParser = ParseNodes,
    };

    public Option<string[]> Images { get; } = new("--image")
    {
        Description = "A program that pods run in place of an image, IMAGE=EXECUTABLE. Repeatable. "
            + $"Known without saying, where their programs lie beside this one: {string.Join(", ", s_ownImages.Keys)}.",
        Validators = { ValidateImages },
    };

    public IEnumerable<Option> All => [Kubeconfig, Logs, ApiServerOnly, Nodes, Images];

    /// <summary>The images of <paramref name="result"/> and this product's own.</summary>
    public ImageTable ReadImages(ParseResult result)
    {
        var table = new ImageTable();
        foreach ((string image, string program) in s_ownImages)
        {
            string beside = Path.Combine(AppContext.BaseDirectory, program);
            if (File.Exists(beside))
            {
                table.Add(image, beside);
            }
        }

        foreach (string[] pair in (result.GetValue(Images) ?? []).Select(text => text.Split('=', 2)))
        {
            table.Add(pair[0], pair[1]);
        }

        return table;
    }

    /// <summary>What the control plane is to consist of.</summary>
    public LocalControlPlaneOptions ReadControlPlane(ParseResult result) =>
        (result.GetValue(ApiServerOnly) ? new LocalControlPlaneOptions() : LocalControlPlaneOptions.Full) with
        {
            LogDirectory = result.GetValue(Logs)?.FullName,
        };

    private static void ValidateImages(OptionResult result)
    {
        foreach (string text in result.Tokens.Select(token => token.Value))
        {
            string[] pair = text.Split('=', 2);
            if (pair.Length != 2 || pair[0].Length == 0 || !File.Exists(pair[1]))
            {
                result.AddError($"--image {text}: expected IMAGE=EXECUTABLE with the path of an existing program.");
            }
        }
    }

    private static LocalNodeOptions[] ParseNodes(ArgumentResult result)
    {
        var nodes = new List<LocalNodeOptions>();
        foreach (string text in result.Tokens.Select(token => token.Value))
        {
            if (ParseNode(text) is not { } node)
            {
                result.AddError($"--node {text}: expected NAME or NAME=PRODUCT:COUNT:MEBIBYTES, such as gpu-1=NVIDIA-L4:1:23034.");
            }
            else if (nodes.Any(other => other.Name == node.Name))
            {
                result.AddError($"--node {text}: the name '{node.Name}' is taken; give each node its own.");
            }
            else
            {
                nodes.Add(node);
            }
        }

        return [.. nodes];
    }

    private static LocalNodeOptions? ParseNode(string text)
    {
        string[] pair = text.Split('=', 2);
        if (pair[0].Length == 0)
        {
            return null;
        }

        string[] gpu = pair.Length == 2 ? pair[1].Split(':') : [];
        return pair.Length == 1
            ? new LocalNodeOptions(text)
            : gpu.Length == 3
                && gpu[0].Length > 0
                && int.TryParse(gpu[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                && int.TryParse(gpu[2], NumberStyles.None, CultureInfo.InvariantCulture, out int mebibytes)
                ? new LocalNodeOptions(pair[0]) { Gpus = new GpuOffer(gpu[0], count, mebibytes) }
                : null;
    }
}
