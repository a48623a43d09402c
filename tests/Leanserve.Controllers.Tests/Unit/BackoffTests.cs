using CsCheck;

namespace Leanserve.Controllers.Tests.Unit;

public sealed class BackoffTests
{
    [Fact, Trait("Case", "16")]
    public void Delay_AnyBaseCapAndNumberOfFailures_IsWithinAQuarterUnderTheCappedPower()
        => Gen.Select(Gen.Double[0.001, 1000], Gen.Double[1, 1000], Gen.Int[1, 100_000]).Sample((seconds, factor, failures) =>
        {
            var options = new BackoffOptions { BaseDelay = TimeSpan.FromSeconds(seconds), MaxDelay = TimeSpan.FromSeconds(seconds * factor) };
            var full = Math.Min(seconds * factor, seconds * Math.Pow(2, Math.Min(failures - 1, 60)));
            var delay = Backoff.Delay(options, failures).TotalSeconds;
            return delay >= (0.75 * full) - 1e-6 && delay <= full + 1e-6;
        });
}
