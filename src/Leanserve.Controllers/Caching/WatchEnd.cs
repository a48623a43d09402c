namespace Leanserve.Controllers;

/// <summary>Why a watch ended, and so what to do next.</summary>
internal enum WatchEnd
{
    /// <summary>The server closed it, as it does when its time is up: watch on.</summary>
    Closed,

    /// <summary>The connection broke, or the server is in trouble: watch on after a delay.</summary>
    Broken,

    /// <summary>The server no longer has the history we need: list again.</summary>
    Expired,
}
