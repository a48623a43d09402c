namespace Leanserve.Controllers;

/// <summary>Runs one controller; the part that does not depend on its kind's type.</summary>
internal interface IControllerRunner
{
    /// <summary>Makes sure that everything the controller needs is watched. Before the informers start.</summary>
    void RegisterInformers();

    /// <summary>Waits for the caches, then reconciles until <paramref name="stop"/> and finishes what is begun.</summary>
    /// <param name="stop">Begin nothing new.</param>
    /// <param name="abort">Cancel what is running.</param>
    Task RunAsync(CancellationToken stop, CancellationToken abort);
}
