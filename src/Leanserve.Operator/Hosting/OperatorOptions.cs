using System.ComponentModel.DataAnnotations;

namespace Leanserve.Operator.Hosting;

/// <summary>What an administrator sets once for the process; read from environment variables <c>LEANSERVE_…</c> and command-line options of the same names.</summary>
public sealed class OperatorOptions
{
    /// <summary>Image of the runtime for CPU nodes.</summary>
    [Required]
    public string ServerImage { get; set; } = "ghcr.io/leanserve/server:0.1.0-cpu";

    /// <summary>Image of the runtime for GPU nodes.</summary>
    [Required]
    public string CudaServerImage { get; set; } = "ghcr.io/leanserve/server:0.1.0-cuda";

    /// <summary>The one namespace to work in; empty works in all.</summary>
    public string? WatchNamespace { get; set; }

    /// <summary>The operator's own namespace: its lease lives there, and its pods may scrape the runtimes.</summary>
    [Required]
    public string OperatorNamespace { get; set; } = "leanserve-system";

    /// <summary>Whether replicas of the operator elect one leader.</summary>
    public bool LeaderElection { get; set; } = true;

    /// <summary>How often documents on volumes, whose changes the API cannot announce, are measured again.</summary>
    /// <value>The default value is 10 minutes.</value>
    public TimeSpan VolumeInspectionInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often the running pods' latencies are read.</summary>
    /// <value>The default value is 30 seconds.</value>
    public TimeSpan ObservationInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Collector that the runtimes send traces to (OTLP over HTTP), such as <c>http://collector.monitoring:4318</c>.</summary>
    /// <value>The default value is null: nothing is sent.</value>
    public Uri? TraceEndpoint { get; set; }

    /// <summary>TCP port of health checks and metrics.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 8081;
}
