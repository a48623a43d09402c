using System.Globalization;

namespace LocalCluster.ControlPlane.Processes;

/// <summary>
/// A process id together with its start time, so that a reused id is not taken for the process that had it before.
/// </summary>
/// <param name="Id">The process id.</param>
/// <param name="StartTicks">Start time in clock ticks since boot, field 22 of <c>/proc/ID/stat</c> (proc(5)).</param>
public sealed record ProcessIdentity(int Id, long StartTicks)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } =
        new(Environment.ProcessId, ReadStartTicks(Environment.ProcessId) ?? 0);

    /// <summary>Whether that very process still runs.</summary>
    public bool IsAlive => ReadStartTicks(Id) == StartTicks;

    /// <summary>Reads what <see cref="ToString"/> wrote; null when <paramref name="text"/> is something else.</summary>
    public static ProcessIdentity? TryParse(string text)
    {
        string[] parts = text.Trim().Split(':');
        return parts.Length == 3
            && parts[0] == "pid"
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out int id)
            && long.TryParse(parts[2], CultureInfo.InvariantCulture, out long ticks)
            ? new ProcessIdentity(id, ticks)
            : null;
    }

    /// <summary><c>pid:ID:TICKS</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"pid:{Id}:{StartTicks}");

    private static long? ReadStartTicks(int id)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            // The command name, field 2, may hold spaces and parentheses: count from its last parenthesis.
            string[] afterCommand = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return long.Parse(afterCommand[19], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
