using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

public sealed class MetricsTests(TinyModel model)
{
    [Fact]
    public async Task Metrics_AfterARequest_CountItsTokensAndTheSlots()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await TestServer.StartAsync(TestServer.Config(model));
        var answer = await server.PostAsync(
            "/v1/completions", new { model = TestServer.ModelName, prompt = "Once", max_tokens = 5, logit_bias = model.NeverEnd }, cancellation);

        // The engine tells of its step after it has answered.
        await Eventually.HoldsAsync(async () => (await server.Http.GetStringAsync("/metrics", cancellation)).Contains("leanserve_kv_slots{state=\"active\"} 0\n", StringComparison.Ordinal));
        var lines = (await server.Http.GetStringAsync("/metrics", cancellation)).Split('\n');

        Assert.Contains("leanserve_ready 1", lines);
        Assert.Contains("leanserve_requests_total{endpoint=\"completions\",status=\"200\"} 1", lines);
        Assert.Contains($"leanserve_prompt_tokens_total {answer["usage"]!["prompt_tokens"]}", lines);
        Assert.Contains("leanserve_completion_tokens_total 5", lines);
        Assert.Contains("leanserve_time_to_first_token_seconds_count 1", lines);
        Assert.All(["queue", "prefill", "decode", "write"], stage => Assert.Contains($"leanserve_{stage}_seconds_count 1", lines));
        Assert.Contains("leanserve_inter_token_latency_seconds_count 4", lines);
        Assert.Contains("leanserve_kv_slots{state=\"capacity\"} 8192", lines);
        Assert.Contains($"leanserve_kv_bytes{{state=\"capacity\"}} {8192 * 2 * 2 * 2 * 8 * 4}", lines);
    }

    [Fact]
    public async Task TimeToFirstToken_OfASearch_IsThatOfTheWholeAnswer()
    {
        await using var server = await TestServer.StartAsync(TestServer.Config(model));
        var searched = await TimingsAsync(useBeamSearch: true);
        var sampled = await TimingsAsync(useBeamSearch: false);

        // A prompt of one step and 63 steps of an answer.
        Assert.InRange(searched.First, searched.Total / 2, searched.Total);
        Assert.InRange(sampled.First, 0, sampled.Total / 2);

        async Task<(double First, double Total)> TimingsAsync(bool useBeamSearch)
        {
            var body = new { model = TestServer.ModelName, prompt = "Once", max_tokens = 64, use_beam_search = useBeamSearch };
            var answer = await server.PostAsync("/v1/completions", body, TestContext.Current.CancellationToken);
            var timings = answer["leanserve"]!["timings"]!;
            return ((double)timings["ttft_ms"]!, (double)timings["total_ms"]!);
        }
    }
}
