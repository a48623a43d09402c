namespace Leanserve.Planner.Tests.Calibration;

/// <summary>The published measurements, by engine profile and fold of cross-validation.</summary>
internal static class PublishedLatency
{
    public static IReadOnlyList<LoadRow> Rows { get; } = LoadTable.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "latency-published.csv"))).Rows;

    public static IEnumerable<IGrouping<string, LoadRow>> ByProfile() => Rows.GroupBy(row => EngineProfileChoice.For(row.Engine).Name);

    /// <summary>A GPU's rows are held out together. Where all of a profile's rows come from one GPU, a prompt length's are instead.</summary>
    public static IEnumerable<IReadOnlyList<LoadRow>> Folds(IReadOnlyList<LoadRow> rows)
    {
        var byGpu = rows.GroupBy(row => row.Gpu).ToList();
        return byGpu.Count > 1 ? byGpu.Select(group => group.ToList()) : rows.GroupBy(row => row.Load.PromptTokens).Select(group => group.ToList());
    }
}
