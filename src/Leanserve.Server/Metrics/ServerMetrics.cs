using Leanserve.Engine;
using Leanserve.Server.Generation;
using Leanserve.Server.Hosting;
using Leanserve.Server.Knowledge;
using Prometheus;

namespace Leanserve.Server.Metrics;

/// <summary>The server's Prometheus metrics; every name starts with <c>leanserve_</c>. A registry of its own, so that servers in one process stay apart.</summary>
public sealed class ServerMetrics
{
    private static readonly double[] LatencyBuckets =
        [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30, 60, 120];

    private static readonly double[] TokenBuckets = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2];

    private static readonly double[] RetrievalBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1];

    private readonly Counter requests;
    private readonly Counter promptTokens;
    private readonly Counter cachedTokens;
    private readonly Counter completionTokens;
    private readonly Counter refreshes;
    private readonly Histogram timeToFirstToken;
    private readonly Histogram interTokenLatency;
    private readonly Histogram duration;
    private readonly Histogram queued;
    private readonly Histogram retrieval;
    private readonly Histogram prefill;
    private readonly Histogram decode;
    private readonly Histogram writing;
    private readonly Histogram embedding;
    private readonly Counter embeddedTokens;

    /// <summary>Registers all metrics.</summary>
    public ServerMetrics(RuntimeState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Registry = Prometheus.Metrics.NewCustomRegistry();
        var factory = Prometheus.Metrics.WithCustomRegistry(Registry);
        requests = factory.CreateCounter("leanserve_requests_total", "Requests by endpoint and HTTP status; 499 is a client that went away.", "endpoint", "status");
        promptTokens = factory.CreateCounter("leanserve_prompt_tokens_total", "Prompt tokens of answered requests.");
        cachedTokens = factory.CreateCounter("leanserve_prompt_tokens_cached_total", "Prompt tokens of answered requests that were found in the KV cache.");
        completionTokens = factory.CreateCounter("leanserve_completion_tokens_total", "Tokens generated for answered requests.");
        refreshes = factory.CreateCounter("leanserve_knowledge_refreshes_total", "Changes of the documents by how they came to be served: Beside, Drained, Refused.", "outcome");
        timeToFirstToken = Latency(factory, "leanserve_time_to_first_token_seconds", "From submission to the first token that the client can see: with the last one under beam search.", LatencyBuckets);
        interTokenLatency = Latency(factory, "leanserve_inter_token_latency_seconds", "Mean time between a request's tokens, counted once a token.", TokenBuckets);
        duration = Latency(factory, "leanserve_request_duration_seconds", "From submission to the last token.", LatencyBuckets);
        queued = Latency(factory, "leanserve_queue_seconds", "From submission to admission.", LatencyBuckets);
        retrieval = Latency(factory, "leanserve_retrieval_seconds", "Search for passages, the embedding of the question included.", RetrievalBuckets);
        prefill = Latency(factory, "leanserve_prefill_seconds", "From admission until the prompt and the first token are computed.", LatencyBuckets);
        decode = Latency(factory, "leanserve_decode_seconds", "From the first token computed to the last.", LatencyBuckets);
        writing = Latency(factory, "leanserve_write_seconds", "Time spent on writing the answer, in all; the client's own slowness included.", RetrievalBuckets);
        embedding = Latency(factory, "leanserve_embedding_seconds", "Texts of one request to /v1/embeddings, from its check to the last vector.", LatencyBuckets);
        embeddedTokens = factory.CreateCounter("leanserve_embedding_tokens_total", "Tokens of texts embedded for /v1/embeddings.");
        var engine = new EngineMetrics(factory, state);
        Registry.AddBeforeCollectCallback(engine.Collect);
    }

    /// <summary>What <c>/metrics</c> shows.</summary>
    public CollectorRegistry Registry { get; }

    /// <summary>A request was answered in full.</summary>
    public void Finished(string endpoint, PreparedRequest prepared, GenerationFinished finished, TimeSpan written)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(finished);
        var (usage, timings) = (finished.Usage, finished.Timings);
        requests.WithLabels(endpoint, "200").Inc();
        promptTokens.Inc(usage.PromptTokens);
        cachedTokens.Inc(usage.CachedTokens);
        completionTokens.Inc(usage.CompletionTokens);
        timeToFirstToken.Observe(timings.TimeToFirstToken.TotalSeconds);
        duration.Observe(timings.Total.TotalSeconds);
        queued.Observe(timings.Queued.TotalSeconds);
        prefill.Observe((timings.Prefilled - timings.Queued).TotalSeconds);
        decode.Observe((timings.Total - timings.Prefilled).TotalSeconds);
        writing.Observe(written.TotalSeconds);
        if (usage.CompletionTokens > 1)
        {
            interTokenLatency.Observe(timings.PerToken.TotalSeconds, usage.CompletionTokens - 1);
        }

        if (prepared.Retrieval.Elapsed > TimeSpan.Zero)
        {
            retrieval.Observe(prepared.Retrieval.Elapsed.TotalSeconds);
        }
    }

    /// <summary>A request's texts were embedded.</summary>
    public void Embedded(int tokens, TimeSpan elapsed)
    {
        requests.WithLabels("embeddings", "200").Inc();
        embeddedTokens.Inc(tokens);
        embedding.Observe(elapsed.TotalSeconds);
    }

    /// <summary>A request was answered with an error.</summary>
    public void Refused(string endpoint, int status) =>
        requests.WithLabels(endpoint, status.ToString(System.Globalization.CultureInfo.InvariantCulture)).Inc();

    /// <summary>Changed documents were dealt with.</summary>
    public void Refreshed(RefreshOutcome outcome) => refreshes.WithLabels(outcome.ToString()).Inc();

    /// <summary>The client went away.</summary>
    public void Cancelled(string endpoint) => requests.WithLabels(endpoint, "499").Inc();

    private static Histogram Latency(MetricFactory factory, string name, string help, double[] buckets) =>
        factory.CreateHistogram(name, help, new HistogramConfiguration { Buckets = buckets });
}
