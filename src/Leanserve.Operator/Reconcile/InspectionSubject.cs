using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Leanserve.Api;

namespace Leanserve.Operator.Reconcile;

/// <summary>What an inspection is about, as hashes: equal subjects need no second look.</summary>
/// <param name="Model">Hash over the model's place and the image that reads it.</param>
/// <param name="All">Hash over the model and the documents' places and, where they are ConfigMaps, their contents.</param>
public sealed record InspectionSubject(string Model, string All)
{
    /// <param name="resource">Whose model and documents.</param>
    /// <param name="image">The image that reads them; another version may read them otherwise.</param>
    /// <param name="configMapHashes">Content hashes of the ConfigMaps that hold the model or documents, in the order of the spec.</param>
    public static InspectionSubject Of(LlmDeployment resource, string image, IEnumerable<string> configMapHashes)
    {
        var model = Hash(image, JsonSerializer.Serialize(resource.Spec.Model.Source));
        return new InspectionSubject(model, Hash([model, JsonSerializer.Serialize(resource.Spec.Knowledge?.Sources), .. configMapHashes]));
    }

    private static string Hash(params string[] parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))))[..32];
}
