using Leanserve.Engine.Knowledge;

namespace Leanserve.Server.Knowledge;

/// <summary>Keeps the passages' vectors on disk, where there is a folder for that.</summary>
/// <param name="file">The file; null keeps none.</param>
/// <param name="logger">Told what became of it.</param>
internal sealed partial class VectorStore(VectorFile? file, ILogger logger)
{
    private const string FileName = "passages.vectors";

    /// <summary>The store of one embedding model in the folder of snapshots.</summary>
    public static VectorStore Of(string? directory, IEmbedder? embedder, ILogger logger) => new(
        directory is null || embedder is null ? null : new VectorFile(Path.Combine(directory, FileName), embedder.Fingerprint, embedder.Dimensions), logger);

    /// <summary>The vectors that need not be computed again; none where the file is missing or unusable.</summary>
    public IReadOnlyDictionary<UInt128, float[]> Read()
    {
        try
        {
            return file?.Read() ?? new Dictionary<UInt128, float[]>();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            LogUnusable(logger, exception.Message);
            return new Dictionary<UInt128, float[]>();
        }
    }

    /// <summary>Tells what was embedded, and keeps it for the next start: a file that cannot be written costs that start time, and nothing now.</summary>
    public void Keep(VectorIndex index)
    {
        LogEmbedded(logger, index.Embedded, index.Known.Count);
        if (index.Truncated > 0)
        {
            LogTruncated(logger, index.Truncated);
        }

        if (index.Embedded == 0)
        {
            return;
        }

        try
        {
            file?.Write(index.Known);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnsaved(logger, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Passages: {Embedded} of {Count} embedded, the others' vectors were known.")]
    private static partial void LogEmbedded(ILogger logger, int embedded, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Passages: {Truncated} are longer than the embedding model reads, so that their ends are found by words alone.")]
    private static partial void LogTruncated(ILogger logger, int truncated);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Passages are embedded anew, since their vectors cannot be used: {Reason}")]
    private static partial void LogUnusable(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Passages: their vectors could not be written, so the next start computes them again: {Reason}")]
    private static partial void LogUnsaved(ILogger logger, string reason);
}
