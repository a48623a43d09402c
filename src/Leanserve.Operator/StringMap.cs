namespace Leanserve.Operator;

/// <summary>Labels, annotations and data, which the API leaves null where they are empty.</summary>
internal static class StringMap
{
    /// <summary>The value under the key, or null.</summary>
    public static string? Find(this IDictionary<string, string>? map, string key) => map is not null && map.TryGetValue(key, out var value) ? value : null;
}
