using k8s.Models;

namespace Integration.Tests.NodeAgent;

/// <summary>Pods with one container that runs a bash script on the plain node.</summary>
internal static class ShellPod
{
    /// <summary>Answers HTTP requests on port 8080 with the status that the file /tmp/status holds, 200 where there is none.</summary>
    public const string HttpServer = """
        exec perl -MIO::Socket::INET -e '
          my $server = IO::Socket::INET->new(LocalPort => 8080, Listen => 16, ReuseAddr => 1) or die;
          while (my $client = $server->accept) {
            while (my $line = <$client>) { last if $line =~ /^\r?$/ }
            my $status = -e "/tmp/status" ? do { open my $f, "<", "/tmp/status"; <$f> } : 200;
            chomp $status;
            print $client "HTTP/1.1 $status X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            close $client;
          }'
        """;

    /// <summary>Runs until SIGTERM, at which it ends with exit code 0.</summary>
    public const string Sleep = "trap 'exit 0' TERM; sleep infinity & wait";

    public static V1Pod Create(string name, string script, Action<V1PodSpec, V1Container>? adjust = null)
    {
        var container = new V1Container { Name = "main", Image = "example.com/test/shell:1.0", Command = ["/bin/bash", "-c", script] };
        var spec = new V1PodSpec
        {
            Containers = [container],
            TerminationGracePeriodSeconds = 5,
            NodeSelector = new Dictionary<string, string> { ["kubernetes.io/hostname"] = NodeAgentCluster.PlainNode }
        };
        adjust?.Invoke(spec, container);
        return new V1Pod { Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["app"] = name } }, Spec = spec };
    }

    public static bool IsReady(V1Pod pod) => pod.Status?.Conditions?.Any(condition => condition.Type == "Ready" && condition.Status == "True") == true;

    public static V1ContainerStatus? MainStatus(V1Pod pod) => pod.Status?.ContainerStatuses?.SingleOrDefault(status => status.Name == "main");
}
