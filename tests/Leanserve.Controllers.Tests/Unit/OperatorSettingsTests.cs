namespace Leanserve.Controllers.Tests.Unit;

public sealed class OperatorSettingsTests
{
    [Fact]
    public void Validate_Defaults_AreRight() => new OperatorSettings().Validate();

    [Fact]
    public void Validate_SeveralWrongSettings_AreAllNamed()
    {
        var settings = new OperatorSettings { Name = " ", Workers = 0, LeaderElectionRenewDeadline = TimeSpan.FromSeconds(20) };
        settings.Watch.PageSize = 0;
        settings.Retry.MaxDelay = TimeSpan.Zero;

        var message = Assert.Throws<ArgumentException>(settings.Validate).Message;
        Assert.All(
            ["Name", "Workers", "LeaderElectionRenewDeadline", "Watch.PageSize", "Retry.MaxDelay"],
            name => Assert.Contains(name, message));
    }
}
