using System.Text.Json;

namespace Leanserve.Controllers;

/// <summary>One line of a watch.</summary>
/// <param name="Type">ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.</param>
/// <param name="Object">The object, or for ERROR a Status.</param>
internal sealed record WatchEvent(string Type, JsonElement Object);
