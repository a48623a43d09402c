using System.Globalization;
using Leanserve.Planner;

namespace Leanserve.Cli.Sweeps;

/// <summary>A figure of a deployment that a sweep can vary.</summary>
/// <param name="Name">What the option calls it.</param>
/// <param name="Title">What a chart calls it, with the unit.</param>
/// <param name="Present">Its value in an input; null where the input states none.</param>
/// <param name="Change">The input with another value.</param>
internal sealed record SweepAxis(string Name, string Title, Func<PlanInput, double?> Present, Func<PlanInput, double, PlanInput> Change)
{
    /// <summary>Every figure that can be varied.</summary>
    public static IReadOnlyList<SweepAxis> All { get; } =
    [
        new("qps", "queries per second", input => input.Traffic.QueriesPerSecond, (input, value) => input with { Traffic = input.Traffic with { QueriesPerSecond = value } }),
        new("documents", "documents (tokens)", input => input.Knowledge.Tokens, Documents),
        new("promptTokens", "prompt (tokens)", input => input.Traffic.PromptTokens, (input, value) => input with { Traffic = input.Traffic with { PromptTokens = Whole(value) } }),
        new("outputTokens", "answer (tokens)", input => input.Traffic.OutputTokens, (input, value) => input with { Traffic = input.Traffic with { OutputTokens = Whole(value) } }),
        new("copiedPercent", "repeated part of an answer (%)", input => input.Traffic.CopiedShare * 100, (input, value) => input with { Traffic = input.Traffic with { CopiedShare = Math.Min(value / 100, 1) } }),
        new("burstFactor", "burst (times the average load)", input => input.Traffic.BurstFactor, (input, value) => input with { Traffic = input.Traffic with { BurstFactor = Math.Max(value, 1) } }),
        new("firstTokenMs", "objective: first token (ms)", input => input.Objectives.TimeToFirstToken?.TotalMilliseconds, (input, value) => input with { Objectives = input.Objectives with { TimeToFirstToken = Milliseconds(value) } }),
        new("answerMs", "objective: whole answer (ms)", input => input.Objectives.RequestLatency?.TotalMilliseconds, (input, value) => input with { Objectives = input.Objectives with { RequestLatency = Milliseconds(value) } }),
        new("changesPerDay", "changes of the documents (a day)", input => input.Knowledge.ChangesPerDay, (input, value) => input with { Knowledge = input.Knowledge with { ChangesPerDay = value } }),
        new("maxReplicas", "replicas allowed", input => input.Replicas.Max, (input, value) => input with { Replicas = new() { Min = Math.Min(input.Replicas.Min, Whole(value)), Max = Whole(value) } }),
        new("engineers", "engineers", input => input.Team.Engineers, (input, value) => input with { Team = input.Team with { Engineers = Whole(value) } }),
        new("hourlyCost", "an engineer's hour (USD)", input => input.Team.HourlyCostUsd, (input, value) => input with { Team = input.Team with { HourlyCostUsd = value } }),
        new("gpuHourly", "GPU or node (USD an hour)", input => input.Prices.NodeUsdPerHour ?? input.Node.UsdPerHour, (input, value) => input with { Prices = input.Prices with { NodeUsdPerHour = value } }),
        new("electricity", "electricity (USD a kWh)", input => input.Prices.ElectricityUsdPerKilowattHour, (input, value) => input with { Prices = input.Prices with { ElectricityUsdPerKilowattHour = value } }),
        new("memoryGB", "memory of a GPU or node (GB)", input => input.Node.MemoryBytes / 1e9, (input, value) => input with { Node = input.Node with { MemoryBytes = (long)(value * 1e9) } }),
        new("bandwidthGBs", "memory bandwidth (GB/s)", input => input.Node.BandwidthBytesPerSecond / 1e9, (input, value) => input with { Node = input.Node with { BandwidthBytesPerSecond = value * 1e9 } }),
        new("teraflops", "arithmetic (Tflop/s)", input => input.Node.FlopsPerSecond / 1e12, (input, value) => input with { Node = input.Node with { FlopsPerSecond = value * 1e12 } }),
    ];

    public static string KnownNames { get; } = string.Join(", ", All.Select(axis => axis.Name));

    // Documents come from somewhere: a deployment without any gets one source.
    private static PlanInput Documents(PlanInput input, double tokens) =>
        input with { Knowledge = input.Knowledge with { Tokens = Whole(tokens), Sources = input.Knowledge.Tokens == 0 ? 1 : input.Knowledge.Sources } };

    private static int Whole(double value) => (int)Math.Max(Math.Round(value), 1);

    private static TimeSpan Milliseconds(double value) => TimeSpan.FromMilliseconds(value);
}

/// <summary>An axis from one value to another.</summary>
internal sealed record SweepRange(SweepAxis Axis, double From, double To)
{
    private const double LogarithmicFrom = 8;

    /// <summary>Equal steps are equal ratios where the range is wide.</summary>
    public bool Logarithmic => To / From >= LogarithmicFrom;

    /// <summary>The middle of a cell, of so many that divide the range evenly.</summary>
    public double Middle(int cell, int cells)
    {
        var place = (cell + 0.5) / cells;
        return Logarithmic ? From * Math.Pow(To / From, place) : From + ((To - From) * place);
    }

    /// <summary>Reads <c>qps=0.1..50</c>; the complaint says what is wrong with another text.</summary>
    public static (SweepRange? Range, string? Complaint) Parse(string text)
    {
        if (text.Split('=', 2) is not [var name, var bounds] || bounds.Split("..") is not [var first, var last])
        {
            return (null, $"'{text}' is no range; write AXIS=FROM..TO, such as qps=0.1..50.");
        }

        if (SweepAxis.All.FirstOrDefault(axis => axis.Name.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase)) is not { } found)
        {
            return (null, $"'{name}' is no axis; there are {SweepAxis.KnownNames}.");
        }

        if (Number(first) is not { } from || Number(last) is not { } to)
        {
            return (null, $"'{bounds}' is no range of numbers; write FROM..TO, such as 1k..500k (k and M are allowed).");
        }

        return from > 0 && to > from && to <= int.MaxValue
            ? (new SweepRange(found, from, to), null)
            : (null, $"{name} goes from {first} to {last}; the first must be above 0, and the second above the first and below 2 G.");
    }

    private static double? Number(string text)
    {
        var trimmed = text.Trim();
        var factor = trimmed.Length == 0 ? 1 : char.ToLowerInvariant(trimmed[^1]) switch { 'k' => 1e3, 'm' => 1e6, _ => 1.0 };
        var digits = factor > 1 ? trimmed[..^1] : trimmed;
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number * factor : null;
    }
}
