using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>Predicts latency of one replica under a load with the planner's own formulas, for any model, hardware and engine profile.</summary>
public static class LatencyPredictor
{
    private const int QueuePlaces = 256;
    private const double UsableMemory = 0.9;

    public static PredictedLoad Predict(MeasuredLoad load, EngineProfile profile)
    {
        ArgumentNullException.ThrowIfNull(load);
        ArgumentNullException.ThrowIfNull(profile);
        var model = new ForwardCost(load.Geometry, load.Precision, load.BandwidthBytesPerSecond, load.FlopsPerSecond, profile);
        var cost = new EngineCost(model, profile, profile.ChunkTokens);
        var shape = new RequestShape { PromptTokens = load.PromptTokens, OutputTokens = load.OutputTokens };
        var places = Places(load, profile);
        var curve = new ServiceCurve(places);
        curve.Fill(cost, shape, places);
        return load.QueriesPerSecond is { } rate ? Open(curve, rate) : Closed(curve, load.Concurrency ?? 1, profile);
    }

    private static PredictedLoad Open(ServiceCurve curve, double rate)
    {
        curve.TrimToPeak();
        if (rate >= curve.FullRate)
        {
            return new(curve.PrefillSeconds(curve.Limit) + curve.ResidenceSeconds(curve.Limit), curve.InterTokenSeconds(curve.Limit), true);
        }

        var queue = new QueueLoad(curve.Limit + QueuePlaces);
        queue.Solve(curve, rate, QueuePlaces);
        return new(queue.FirstTokenQuantile(0.5), queue.InterTokenSeconds(), false);
    }

    private static PredictedLoad Closed(ServiceCurve curve, double clients, EngineProfile profile)
    {
        var served = Math.Min(clients, curve.Limit);
        var prompt = curve.PrefillSeconds(Math.Max(1, (int)served));
        // Answers of one length end together, so their clients' next prompts arrive together: one finds half of the others before it on average.
        var together = curve.InterferenceSeconds(served) / 2;
        var turn = Math.Max(clients - served, 0) / served * curve.ResidenceSeconds(served);
        return new(profile.SecondsPerRequest + prompt + together + turn, curve.InterTokenSeconds(served) - (together / Math.Max(curve.Shape.TokensAfterFirst, 1)), false);
    }

    // Requests whose KV fits beside the weights, up to the engine's own limit.
    private static int Places(MeasuredLoad load, EngineProfile profile)
    {
        var weights = ModelShape.WeightsBytes(load.Geometry, load.Precision, profile.KvBytesPerElement);
        var room = (load.MemoryBytes * UsableMemory) - weights - profile.RuntimeBytes;
        var request = (load.PromptTokens + (load.OutputTokens * profile.AnswerShareReserved)) * KvCacheMemory.BytesPerToken(load.Geometry, profile.KvBytesPerElement);
        return (int)Math.Clamp(room / request, 1, profile.MaxSequences);
    }
}
