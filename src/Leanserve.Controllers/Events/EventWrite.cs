namespace Leanserve.Controllers;

/// <summary>What the API server shall hold for an event.</summary>
/// <param name="Name">Name of the event object.</param>
/// <param name="Record">The latest occurrence.</param>
/// <param name="Message">Message, with a prefix if it stands for several.</param>
/// <param name="Count">Occurrences so far; 1: the object is new.</param>
/// <param name="First">When it occurred first.</param>
internal sealed record EventWrite(string Name, EventRecord Record, string Message, int Count, DateTimeOffset First);
