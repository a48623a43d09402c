namespace Leanserve.Demo;

/// <summary>The demo cannot go on; the message says what failed and where the logs are.</summary>
public sealed class DemoFailedException : Exception
{
    public DemoFailedException(string message)
        : base(message)
    {
    }

    public DemoFailedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
