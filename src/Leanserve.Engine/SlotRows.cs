namespace Leanserve.Engine;

/// <summary>Keys and values that were computed before: <paramref name="count"/> tokens from <paramref name="first"/> on, as <see cref="IModelRunner.ReadSlots"/> gave them.</summary>
public delegate ReadOnlySpan<byte> SlotRows(int first, int count);
