namespace Integration.Tests.LocalCluster;

/// <summary>Waits for the state of the world that a test expects.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Fails when <paramref name="condition"/> is still false after <paramref name="patience"/>.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan patience)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < patience, $"Still not so after {patience.TotalSeconds} s.");
            await Task.Delay(s_interval, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Fails when <paramref name="condition"/> is still false after <paramref name="patience"/>.</summary>
    public static Task TrueAsync(Func<bool> condition, TimeSpan patience) => TrueAsync(() => Task.FromResult(condition()), patience);
}
