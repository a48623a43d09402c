using System.Globalization;

namespace Leanserve.Planner.Tests.Calibration;

/// <summary>The latency model against 65 published measurements: what the shipped profiles reach, and what they reach on GPUs that they were not fitted on.</summary>
public sealed class CalibrationTests(ITestOutputHelper output)
{
    private const int Evaluations = 1200;

    [Fact]
    public void Profiles_OnGpusHeldOut_KeepTheirAccuracy()
    {
        var rows = new List<LoadRow>();
        var predictions = new List<PredictedLoad>();
        var profiles = new List<string>();
        foreach (var group in PublishedLatency.ByProfile())
        {
            var all = group.ToList();
            foreach (var held in PublishedLatency.Folds(all))
            {
                var profile = ProfileFit.Fit([.. all.Except(held)], EngineProfiles.Find(group.Key)!, Evaluations);
                rows.AddRange(held);
                profiles.AddRange(held.Select(_ => profile.Name));
                predictions.AddRange(held.Select(row => LatencyPredictor.Predict(row.Load, profile)));
            }
        }

        output.WriteLine("On rows of GPUs (for NIM, of prompt lengths) that were held out:");
        output.WriteLine(ErrorSummary.Of(rows, predictions, profiles));
        var pairs = rows.Zip(predictions).ToList();
        pairs.Where(pair => pair.First.Saturated != pair.Second.Saturated).ToList().ForEach(pair => output.WriteLine(
            $"wrong verdict: {pair.First.Gpu}, {pair.First.Engine}, {pair.First.Load.QueriesPerSecond} queries a second, measured {pair.First.ItlMilliseconds} ms between tokens"));
        var closed = pairs.Where(pair => pair.First.Load.QueriesPerSecond is null).ToList();
        var open = pairs.Where(pair => pair.First.Load.QueriesPerSecond is not null).ToList();
        Assert.InRange(ErrorSummary.Quantile(ErrorSummary.ItlErrors(closed), 0.5), 0, 12);
        Assert.InRange(ErrorSummary.Quantile(ErrorSummary.TtftErrors(closed), 0.5), 0, 25);
        Assert.InRange(ErrorSummary.Quantile(ErrorSummary.ItlErrors(open), 0.5), 0, 25);
        Assert.InRange(ErrorSummary.Quantile(ErrorSummary.TtftErrors(open), 0.5), 0, 30);
        Assert.True(pairs.Count(pair => pair.First.Saturated == pair.Second.Saturated) >= 0.95 * pairs.Count);
    }

    [Fact]
    public void ShippedProfiles_OnAllRows_AreTheFitToThem()
    {
        var profiles = PublishedLatency.Rows.Select(row => EngineProfileChoice.For(row.Engine)).ToList();
        var predictions = PublishedLatency.Rows.Zip(profiles, (row, profile) => LatencyPredictor.Predict(row.Load, profile)).ToList();
        output.WriteLine(ErrorSummary.Of(PublishedLatency.Rows, predictions, profiles.ConvertAll(profile => profile.Name)));
        var fits = PublishedLatency.ByProfile().Select(group => (Rows: group.ToList(), Shipped: EngineProfiles.Find(group.Key)!)).ToList();
        var refitted = fits.ConvertAll(fit => ProfileFit.Fit(fit.Rows, fit.Shipped, 2 * Evaluations));
        refitted.ForEach(profile => output.WriteLine(Numbers(profile)));
        Assert.All(fits.Zip(refitted), pair => Assert.InRange(ProfileFit.Loss(pair.First.Rows, pair.First.Shipped), 0, 1.1 * ProfileFit.Loss(pair.First.Rows, pair.Second)));
    }

    [Fact]
    public void Profiles_NumbersOffTheirNeutralValue_AreEightAtMost()
    {
        Assert.InRange(ProfileFit.Count, 1, 8);
        Assert.All(
            EngineProfiles.All,
            profile => Assert.InRange(
                new[]
                {
                    profile.ComputeEfficiency != 1, profile.BandwidthEfficiency != 1, profile.AttentionEfficiency != 1, profile.KvBandwidthEfficiency != 1,
                    profile.SecondsPerStep != 0, profile.LaunchSecondsPerLayer != 0, profile.SecondsPerSequence != 0, profile.SecondsPerRequest != 0,
                    profile.QuantizedBandwidthFactor != 1, profile.QuantizedComputeFactor != 1, profile.QuantizedTokenEfficiency != 0,
                }.Count(isMoved => isMoved),
                1,
                8));
    }

    private static string Numbers(EngineProfile profile) => string.Create(
        CultureInfo.InvariantCulture,
        $"{profile.Name}: \"computeEfficiency\": {profile.ComputeEfficiency:0.###}, \"bandwidthEfficiency\": {profile.BandwidthEfficiency:0.###}, \"attentionEfficiency\": {profile.AttentionEfficiency:0.###}, "
        + $"\"kvBandwidthEfficiency\": {profile.KvBandwidthEfficiency:0.###}, \"secondsPerStep\": {profile.SecondsPerStep:0.#######}, \"secondsPerSequence\": {profile.SecondsPerSequence:0.#######}, "
        + $"\"secondsPerRequest\": {profile.SecondsPerRequest:0.#####}, \"launchSecondsPerLayer\": {profile.LaunchSecondsPerLayer:0.######}");
}
