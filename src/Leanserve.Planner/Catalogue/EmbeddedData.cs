namespace Leanserve.Planner;

/// <summary>The data files that are built into the assembly.</summary>
internal static class EmbeddedData
{
    public static string Text(string file)
    {
        using var stream = typeof(EmbeddedData).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The assembly lacks its data file {file}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public static IEnumerable<string> Lines(string file) =>
        Text(file).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
