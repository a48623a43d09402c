namespace Leanserve.Controllers;

/// <summary>A write was refused because this replica does not (or no longer) lead.</summary>
public sealed class NotLeadingException : Exception
{
    public NotLeadingException()
        : base("This replica does not lead, so it must not write; the leader will do this work.")
    {
    }
}
