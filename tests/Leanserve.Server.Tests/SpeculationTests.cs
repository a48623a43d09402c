using System.Globalization;
using Leanserve.Contracts;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

/// <summary>What the operator writes into <c>decoding.draftTokens</c> reaches the engine.</summary>
public sealed class SpeculationTests(TinyModel model)
{
    private const string Accepted = "leanserve_engine_accepted_tokens_total ";

    [Fact]
    public async Task DraftTokens_OfTheConfiguration_SaveStepsAndLeaveTheAnswer()
    {
        var (plain, without) = await AskAsync(0);
        var (drafted, with) = await AskAsync(8);

        Assert.Equal(plain, drafted);
        Assert.Equal(0, without);
        Assert.InRange(with, 20, 63);
    }

    // With few tokens to draw from, an answer soon repeats itself.
    private async Task<(string Answer, double Accepted)> AskAsync(int draftTokens)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var config = TestServer.Config(model) with { Decoding = new DecodingConfig { Mode = DecodingMode.Sampling, DraftTokens = draftTokens } };
        await using var server = await TestServer.StartAsync(config);
        var bias = new Dictionary<string, int>(model.NeverEnd) { ["40"] = 100, ["41"] = 100 };
        var body = new { model = TestServer.ModelName, prompt = "Once", max_tokens = 64, temperature = 0.1, seed = 1, logit_bias = bias };
        var answer = await server.PostAsync("/v1/completions", body, cancellation);
        var text = answer["choices"]![0]!["text"]!.ToString();
        var accepted = 0.0;
        await Eventually.HoldsAsync(async () =>
        {
            var lines = (await server.Http.GetStringAsync("/metrics", cancellation)).Split('\n');
            accepted = double.Parse(lines.Single(line => line.StartsWith(Accepted, StringComparison.Ordinal))[Accepted.Length..], CultureInfo.InvariantCulture);
            return lines.Contains("leanserve_kv_slots{state=\"active\"} 0");
        });
        return (text, accepted);
    }
}
