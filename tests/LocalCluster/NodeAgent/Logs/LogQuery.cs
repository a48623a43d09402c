using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.NodeAgents;

/// <summary>What <c>kubectl logs</c> asks for.</summary>
/// <param name="TailLines">How many lines from the end; null for all.</param>
/// <param name="SinceSeconds">Only lines of that many last seconds; null for all.</param>
/// <param name="LimitBytes">At most so many bytes; null for no limit.</param>
internal sealed record LogQuery(bool Follow, bool Previous, bool Timestamps, long? TailLines, long? SinceSeconds, long? LimitBytes)
{
    public static LogQuery From(IQueryCollection query)
    {
        bool Flag(string name) => query[name] == "true" || query[name] == "1";
        long? Number(string name) => long.TryParse(query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
        return new LogQuery(Flag("follow"), Flag("previous"), Flag("timestamps"), Number("tailLines"), Number("sinceSeconds"), Number("limitBytes"));
    }
}
