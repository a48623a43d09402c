namespace Leanserve.Server.Hosting;

/// <summary>The model cannot be served; the message is one clear line for the pod's termination message.</summary>
public sealed class StartupException : Exception
{
    public StartupException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
