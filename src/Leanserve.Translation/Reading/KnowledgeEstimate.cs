using Leanserve.Api;
using Leanserve.Contracts;

namespace Leanserve.Translation.Reading;

/// <summary>Estimates the size of documents from their text, where no tokenizer has counted them yet.</summary>
public static class KnowledgeEstimate
{
    /// <summary>Tokens of all the deployment's sources; null where one of them is not among <paramref name="configMaps"/>.</summary>
    public static long? Tokens(LlmDeployment deployment, IReadOnlyList<ReadConfigMap> configMaps)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(configMaps);
        if (deployment.Spec.Knowledge?.Sources is not { Count: > 0 } sources)
        {
            return null;
        }

        var maps = sources.Select(source => configMaps.FirstOrDefault(map => IsSource(map, source, deployment.Metadata.NamespaceProperty))).ToList();
        return maps.Any(map => map is null)
            ? null
            : (long)Math.Ceiling(maps.Sum(map => map!.Data.Values.Sum(text => (long)text.Length)) / KnowledgeFraming.CharactersPerToken);
    }

    private static bool IsSource(ReadConfigMap map, KnowledgeSourceSpec source, string? deploymentNamespace) =>
        source.ConfigMapRef?.Name == map.Name && map.IsIn(deploymentNamespace);
}
