namespace Leanserve.Controllers;

/// <summary>Asks the API server which kinds it serves, so that an operator can adapt to its version. Answers are cached.</summary>
public interface IApiDiscovery
{
    /// <summary>Whether the kind is served, e.g. <c>("policy", "v1", "PodDisruptionBudget")</c>.</summary>
    /// <exception cref="ApiException">The API server did not answer.</exception>
    Task<bool> IsServedAsync(string group, string version, string kind, CancellationToken cancellationToken = default);

    /// <summary>What the API server says about the kind; null if it does not serve it.</summary>
    /// <exception cref="ApiException">The API server did not answer.</exception>
    Task<ServedResource?> FindAsync(string group, string version, string kind, CancellationToken cancellationToken = default);
}
