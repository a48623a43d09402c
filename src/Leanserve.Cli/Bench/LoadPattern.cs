namespace Leanserve.Cli.Bench;

/// <summary>When requests are sent.</summary>
public abstract record LoadPattern
{
    /// <summary>Open loop: requests arrive by a Poisson process, whether earlier ones are answered or not, as independent users' do.</summary>
    /// <param name="RequestsPerSecond">Mean rate; above 0.</param>
    public sealed record Poisson(double RequestsPerSecond) : LoadPattern;

    /// <summary>Closed loop: each of some users sends its next request when the last one is answered.</summary>
    /// <param name="Users">At least 1.</param>
    public sealed record Closed(int Users) : LoadPattern;
}
