using System.Runtime.CompilerServices;

namespace Leanserve.Controllers.Tests.Support;

/// <summary>Waits for the state of the world instead of for a time.</summary>
public static class Eventually
{
    public static async Task True(
        Func<bool> condition, double seconds = 15, [CallerArgumentExpression(nameof(condition))] string what = "")
        => await TrueAsync(() => Task.FromResult(condition()), seconds, what);

    public static async Task TrueAsync(
        Func<Task<bool>> condition, double seconds = 15, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started).TotalSeconds > seconds)
            {
                Assert.Fail($"Not within {seconds} s: {what}");
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
