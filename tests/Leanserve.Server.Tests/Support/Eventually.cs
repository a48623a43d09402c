namespace Leanserve.Server.Tests.Support;

/// <summary>Waits for a state of the world that another task brings about.</summary>
internal static class Eventually
{
    public static async Task HoldsAsync(Func<Task<bool>> condition)
    {
        for (var attempt = 0; attempt < 500; attempt++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken);
        }

        Assert.Fail("The condition did not come to hold within 5 s.");
    }
}
