namespace Leanserve.Server.Commands;

/// <summary>How the process ends.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The model or its documents cannot be served.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the configuration breaks a rule (EX_USAGE of sysexits.h).</summary>
    public const int Usage = 64;
}
