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
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    public static IReadOnlyList<EngineProfile> All { get; } =
        JsonSerializer.Deserialize<List<EngineProfile>>(EmbeddedData.Text("engine-profiles.json"), Json)
        ?? throw new InvalidOperationException("engine-profiles.json is empty.");

    public static string KnownNames { get; } = string.Join(", ", All.Select(profile => profile.Name));

    /// <summary>The profile of this name; null when it is not known.</summary>
    public static EngineProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);

    /// <summary>Our own runtime's profile for a kind of node.</summary>
    public static EngineProfile For(NodeKind kind) => Find(kind is NodeKind.Gpu ? OnnxRuntimeCuda : OnnxRuntimeCpu)!;
}
