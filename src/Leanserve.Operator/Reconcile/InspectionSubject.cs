using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Leanserve.Api;
using Leanserve.Contracts;

namespace Leanserve.Operator.Reconcile;

/// <summary>What an inspection is about, as hashes: equal subjects need no second look.</summary>
/// <param name="Model">Hash over the places of the model and the embedding model and the image that reads them.</param>
/// <param name="All">Hash over the model and the documents' places and, where they are ConfigMaps, their contents.</param>
/// <param name="Documents">Content hashes of the knowledge sources that are ConfigMaps, by the source's name.</param>
public sealed record InspectionSubject(string Model, string All, IReadOnlyDictionary<string, string> Documents)
{
    /// <param name="resource">Whose model and documents.</param>
    /// <param name="image">The image that reads them; another version may read them otherwise.</param>
    /// <param name="modelHash">Content hash of the model's ConfigMap, or null where it lies on a volume.</param>
    /// <param name="embeddingHash">Content hash of the embedding model's ConfigMap, or null where it lies on a volume or there is none.</param>
    /// <param name="documents">Content hashes of the knowledge sources that are ConfigMaps, by the source's name.</param>
    public static InspectionSubject Of(
        LlmDeployment resource, string image, string? modelHash, string? embeddingHash, IReadOnlyDictionary<string, string> documents)
    {
        var embedding = resource.Spec.Knowledge?.EmbeddingModel?.Source;
        var model = Hash([image, JsonSerializer.Serialize(resource.Spec.Model.Source), modelHash ?? "", .. embedding is null ? [] : new[] { JsonSerializer.Serialize(embedding), embeddingHash ?? "" }]);
        return new InspectionSubject(model, Hash([model, JsonSerializer.Serialize(resource.Spec.Knowledge?.Sources), .. documents.Values]), documents);
    }

    /// <summary>Whether the report is about the documents as they are now: a kubelet may mount a ConfigMap as it was a moment ago.</summary>
    public bool Describes(InspectionReport report) =>
        report.Knowledge.All(k => !Documents.TryGetValue(k.Name, out var hash) || hash == k.ContentHash);

    private static string Hash(params string[] parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))))[..32];
}
