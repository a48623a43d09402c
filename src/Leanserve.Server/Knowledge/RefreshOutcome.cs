namespace Leanserve.Server.Knowledge;

/// <summary>How changed documents came to be served.</summary>
public enum RefreshOutcome
{
    /// <summary>They were made ready beside the former ones; no request noticed.</summary>
    Beside,

    /// <summary>The KV slots hold only one state: requests waited until the running ones had ended and the new documents were computed.</summary>
    Drained,

    /// <summary>They cannot be served here; the former ones are.</summary>
    Refused,
}
