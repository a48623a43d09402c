namespace Leanserve.Translation.Reading;

/// <summary>A ConfigMap that a file holds beside the deployments, as a source of documents.</summary>
/// <param name="Namespace">Its namespace, or null for the default one.</param>
/// <param name="Name">Its name.</param>
/// <param name="Data">Its texts by key.</param>
public sealed record ReadConfigMap(string? Namespace, string Name, IReadOnlyDictionary<string, string> Data)
{
    /// <summary>Whether it lies in this namespace, null being the default one.</summary>
    public bool IsIn(string? other) => (Namespace ?? "default") == (other ?? "default");
}
