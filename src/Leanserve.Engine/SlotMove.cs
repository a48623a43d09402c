namespace Leanserve.Engine;

/// <summary>Copies one token's keys and values from slot <paramref name="From"/> to slot <paramref name="To"/>.</summary>
public readonly record struct SlotMove(int From, int To);
