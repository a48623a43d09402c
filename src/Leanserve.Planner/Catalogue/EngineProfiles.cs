using System.Text.Json;
using System.Text.Json.Serialization;

namespace Leanserve.Planner;

/// <summary>The engine profiles of the embedded <c>engine-profiles.json</c>.</summary>
public static class EngineProfiles
{
    /// <summary>Our own runtime on a CPU.</summary>
    public const string OnnxRuntimeCpu = "onnxruntime-cpu";

    /// <summary>Our own runtime on an NVIDIA GPU.</summary>
    public const string OnnxRuntimeCuda = "onnxruntime-cuda";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    public static IReadOnlyList<EngineProfile> All { get; } =
        Parse(EmbeddedData.Text("engine-profiles.json"));

    public static string KnownNames { get; } = string.Join(", ", All.Select(profile => profile.Name));

    /// <summary>The profile of this name; null when it is not known.</summary>
    public static EngineProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);

    /// <summary>The profiles of a JSON text: a list of them.</summary>
    /// <exception cref="JsonException">The text is no such list, or a member is unknown or missing.</exception>
    public static IReadOnlyList<EngineProfile> Parse(string json) => JsonSerializer.Deserialize<List<EngineProfile>>(json, Json) ?? throw new JsonException("It holds null instead of a list.");

    /// <summary>A list of profiles as <see cref="Parse"/> reads it.</summary>
    public static string Write(IEnumerable<EngineProfile> profiles) => JsonSerializer.Serialize(profiles, Json);

    /// <summary>Our own runtime's profile for a kind of node.</summary>
    public static EngineProfile For(NodeKind kind) => Find(kind is NodeKind.Gpu ? OnnxRuntimeCuda : OnnxRuntimeCpu)!;
}
