namespace Leanserve.Planner.Tests.Calibration;

public sealed class ExploreTests(ITestOutputHelper output)
{
    [Fact]
    public void Explore()
    {
        var all = LoadTable.Parse(File.ReadAllText("data/latency-published.csv")).Rows;
        var cv = new List<(LoadRow, PredictedLoad)>();
        foreach (var group in all.GroupBy(r => EngineProfileChoice.For(r.Engine).Name))
        {
            var rows = group.ToList();
            var prior = EngineProfiles.Find(group.Key)!;
            var full = ProfileFit.Fit(rows, prior, 3000);
            output.WriteLine($"{group.Key}: loss {ProfileFit.Loss(rows, prior):0.000} -> {ProfileFit.Loss(rows, full):0.000} c {full.ComputeEfficiency:0.000} b {full.BandwidthEfficiency:0.000} a {full.AttentionEfficiency:0.000} player {full.PromptSecondsPerLayer*1e6:0.0} us step {full.SecondsPerStep*1e3:0.00} ms seq {full.SecondsPerSequence*1e6:0.0} us req {full.SecondsPerRequest*1e3:0.00} ms lock {full.LockstepShare:0.00}");
            foreach (var r in rows)
            {
                var p = LatencyPredictor.Predict(r.Load, full);
                output.WriteLine($"  {r.Gpu,-26} {r.Load.Geometry.Parameters/1e9:0.0}B c{r.Load.Concurrency} q{r.Load.QueriesPerSecond} {r.Load.PromptTokens}/{r.Load.OutputTokens} ttft {r.TtftMilliseconds} ~ {p.TimeToFirstTokenSeconds*1e3:0.0} itl {r.ItlMilliseconds} ~ {p.InterTokenSeconds*1e3:0.00} sat {r.Saturated} ~ {p.Saturated}");
            }
            var folds = rows.GroupBy(r => group.Key == "nim-1.8" ? $"{r.Load.PromptTokens}" : r.Gpu).ToList();
            foreach (var fold in folds)
            {
                var fit = ProfileFit.Fit(rows.Where(r => !fold.Contains(r)).ToList(), prior, 1500);
                cv.AddRange(fold.Select(r => (r, LatencyPredictor.Predict(r.Load, fit))));
            }
        }
        output.WriteLine(ErrorSummary.Of(cv.Select(x => x.Item1).ToList(), cv.Select(x => x.Item2).ToList()));
    }
}
