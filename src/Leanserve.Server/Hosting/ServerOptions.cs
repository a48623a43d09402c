namespace Leanserve.Server.Hosting;

/// <summary>How the process serves; what the operator decides is in <c>runtime.json</c> instead.</summary>
public sealed record ServerOptions
{
    /// <summary>Address to listen on.</summary>
    /// <value>The default value is every IPv4 address of the pod.</value>
    public string Address { get; init; } = "0.0.0.0";

    /// <summary>Largest request body.</summary>
    /// <value>The default value is 2 MiB: some 400,000 tokens of English.</value>
    public int MaxBodyBytes { get; init; } = 2 << 20;

    /// <summary>Longest time in which a body may arrive.</summary>
    /// <value>The default value is 30 seconds.</value>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time in which a request's headers may arrive.</summary>
    /// <value>The default value is 10 seconds.</value>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time for which a connection may stay without a request.</summary>
    /// <value>The default value is 60 seconds.</value>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the documents' folders are looked at; a change is read once it has been seen twice alike.</summary>
    /// <value>The default value is 1 second.</value>
    public TimeSpan KnowledgeInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Connections at once; more are closed at once. An idle one takes some 10 kB.</summary>
    /// <value>The default value is 16,384.</value>
    public int MaxConnections { get; init; } = 16_384;

    /// <summary>OpenTelemetry's standard variables (<c>OTEL_…</c>); traces are exported where they name a collector.</summary>
    /// <value>The default value is empty: nothing is exported.</value>
    public IReadOnlyDictionary<string, string?> Telemetry { get; init; } = new Dictionary<string, string?>();
}
