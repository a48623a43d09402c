namespace LocalCluster.ControlPlane.Processes;

/// <summary>A command that the local cluster depends on failed; the message says which and why.</summary>
public sealed class CommandFailedException : Exception
{
    /// <param name="message">The command, what it said and, where one is known, the remedy.</param>
    /// <param name="inner">The cause, where there is one.</param>
    public CommandFailedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
