namespace LocalCluster.NodeAgents;

/// <summary>Finds the .NET runtime that framework-dependent programs need.</summary>
internal static class DotnetLocation
{
    /// <summary>Its folder where that lies outside /usr, which every sandbox sees anyway; else null.</summary>
    public static string? OutsideUsr()
    {
        // This process runs on the runtime: ROOT/shared/Microsoft.NETCore.App/VERSION/System.Private.CoreLib.dll.
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        return root.StartsWith("/usr/", StringComparison.Ordinal) ? null : root;
    }
}
