using Leanserve.Server.Hosting;
using Prometheus;

namespace Leanserve.Server.Metrics;

/// <summary>The engine's state as gauges and counters, read when Prometheus asks.</summary>
internal sealed class EngineMetrics(MetricFactory factory, RuntimeState state)
{
    private readonly Gauge ready = factory.CreateGauge("leanserve_ready", "1 while requests are taken.");
    private readonly Gauge running = factory.CreateGauge("leanserve_requests_running", "Requests being decoded.");
    private readonly Gauge queued = factory.CreateGauge("leanserve_requests_queued", "Requests waiting for admission.");
    private readonly Gauge slots = factory.CreateGauge(
        "leanserve_kv_slots", "Token slots of the KV buffer: capacity, active (read by every step, 0 where nothing runs), peak (most that one step has read and written), preloaded (documents), cached (kept while not needed).", "state");
    private readonly Gauge slotBytes = factory.CreateGauge("leanserve_kv_bytes", "Bytes of the KV buffer, by the states of leanserve_kv_slots.", "state");
    private readonly Counter steps = factory.CreateCounter("leanserve_engine_steps_total", "Forward passes.");
    private readonly Counter prefilled = factory.CreateCounter("leanserve_engine_prefilled_tokens_total", "Prompt tokens computed.");
    private readonly Counter reused = factory.CreateCounter("leanserve_engine_reused_tokens_total", "Prompt tokens found in the KV cache.");
    private readonly Counter generated = factory.CreateCounter("leanserve_engine_generated_tokens_total", "Tokens generated, cancelled requests included.");
    private readonly Counter drafted = factory.CreateCounter("leanserve_engine_drafted_tokens_total", "Tokens that n-gram lookup proposed.");
    private readonly Counter accepted = factory.CreateCounter("leanserve_engine_accepted_tokens_total", "Of the drafted tokens, those that were drawn: each saved a step.");
    private readonly Counter evicted = factory.CreateCounter("leanserve_engine_evicted_slots_total", "Cached slots given up for running requests.");
    private readonly Counter modelSeconds = factory.CreateCounter("leanserve_engine_model_seconds_total", "Time spent in the model.");
    private readonly Counter overheadSeconds = factory.CreateCounter("leanserve_engine_overhead_seconds_total", "Time spent outside the model while there was work.");
    private readonly Gauge knowledge = factory.CreateGauge(
        "leanserve_knowledge_info", "Always 1; tells the content hash of each knowledge source that new requests are answered from.", "source", "hash");
    private readonly Gauge info = factory.CreateGauge("leanserve_model_info", "Always 1; tells what is served.", "model", "knowledge", "decoding");

    public void Collect()
    {
        ready.Set(state.UnreadyReason is null ? 1 : 0);
        if (state.Model is not { } model)
        {
            return;
        }

        var statistics = model.Engine.Statistics;
        info.WithLabels(model.Config.ModelName, model.Config.Knowledge.Mode.ToString(), model.Config.Decoding.Mode.ToString()).Set(1);
        CollectKnowledge(model);
        running.Set(statistics.RunningRequests);
        queued.Set(statistics.QueuedRequests);
        SetSlots(model, "capacity", statistics.CapacitySlots);
        SetSlots(model, "active", statistics.ActiveSlots);
        SetSlots(model, "peak", statistics.PeakSlots);
        SetSlots(model, "preloaded", statistics.PreloadedSlots);
        SetSlots(model, "cached", statistics.CachedSlots);
        steps.IncTo(statistics.Steps);
        prefilled.IncTo(statistics.PrefilledTokens);
        reused.IncTo(statistics.ReusedTokens);
        generated.IncTo(statistics.GeneratedTokens);
        drafted.IncTo(statistics.DraftedTokens);
        accepted.IncTo(statistics.AcceptedTokens);
        evicted.IncTo(statistics.EvictedSlots);
        modelSeconds.IncTo(statistics.ModelTime.TotalSeconds);
        overheadSeconds.IncTo(statistics.OverheadTime.TotalSeconds);
    }

    private void CollectKnowledge(ServedModel model)
    {
        var current = model.Knowledge.Current.Folders.Select(folder => (string[])[folder.Name, folder.ContentHash]).ToList();
        foreach (var former in knowledge.GetAllLabelValues().Where(labels => !current.Exists(labels.SequenceEqual)))
        {
            knowledge.RemoveLabelled(former);
        }

        current.ForEach(labels => knowledge.WithLabels(labels).Set(1));
    }

    private void SetSlots(ServedModel model, string label, int count)
    {
        slots.WithLabels(label).Set(count);
        slotBytes.WithLabels(label).Set((double)count * model.Engine.SlotBytes);
    }
}
