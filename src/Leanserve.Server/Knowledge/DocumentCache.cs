using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Engine.Knowledge.Snapshots;

namespace Leanserve.Server.Knowledge;

/// <summary>Keeps the documents' keys and values in the engine under CAG, and on disk where there is a folder for that; does nothing in the other modes.</summary>
/// <param name="engine">The engine.</param>
/// <param name="snapshots">Where to keep them; null keeps none.</param>
/// <param name="logger">Told what became of snapshots.</param>
public sealed partial class DocumentCache(InferenceEngine engine, SnapshotFolder? snapshots, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task saving = Task.CompletedTask;

    /// <summary>Computes the documents beside whatever else runs, or takes them from a snapshot.</summary>
    /// <exception cref="RequestRefusedException">They do not fit beside what is cached already.</exception>
    public async Task LoadAsync(KnowledgeBase knowledge, CancellationToken cancellationToken)
    {
        if (!IsCached(knowledge))
        {
            return;
        }

        var tokens = knowledge.Everything.Opening;
        using var snapshot = Open(tokens);
        await engine.PreloadAsync(NameOf(knowledge), tokens, cancellationToken, snapshot is null ? null : snapshot.Rows).ConfigureAwait(false);
        if (snapshot is not null)
        {
            LogRestored(logger, tokens.Count, snapshot.Path);
        }
        else if (snapshots is not null)
        {
            await saving.ConfigureAwait(false);
            saving = SaveAsync(snapshots, NameOf(knowledge), tokens);
        }
    }

    /// <summary>Gives the documents' slots up.</summary>
    public Task UnloadAsync(KnowledgeBase knowledge) => IsCached(knowledge) ? engine.UnloadAsync(NameOf(knowledge)) : Task.CompletedTask;

    /// <summary>Completes once the snapshot being written, if one is, lies in its place.</summary>
    public Task SavedAsync() => saving;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await saving.ConfigureAwait(false);
        stopping.Dispose();
    }

    private Snapshot? Open(IReadOnlyList<int> tokens)
    {
        try
        {
            return snapshots?.Open(tokens);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            LogUnusable(logger, exception.Message);
            return null;
        }
    }

    // Beside serving: a snapshot that cannot be written costs a later start time, and nothing now.
    private async Task SaveAsync(SnapshotFolder folder, string name, IReadOnlyList<int> tokens)
    {
        try
        {
            if (await folder.SaveAsync(engine, name, tokens, stopping.Token).ConfigureAwait(false))
            {
                LogSaved(logger, tokens.Count, tokens.Count * (long)engine.SlotBytes);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnsaved(logger, exception.Message);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The server is stopping.
            return;
        }
    }

    private static bool IsCached(KnowledgeBase knowledge) => knowledge is { Mode: KnowledgeMode.Cag, Everything.HasDocuments: true };

    // Two states of the documents are cached side by side while one takes the other's place.
    private static string NameOf(KnowledgeBase knowledge) => $"documents {knowledge.ContentHash}";

    [LoggerMessage(Level = LogLevel.Information, Message = "Documents: {Tokens} tokens taken from snapshot {File}.")]
    private static partial void LogRestored(ILogger logger, int tokens, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "Documents: snapshot of {Tokens} tokens written, {Bytes} bytes.")]
    private static partial void LogSaved(ILogger logger, int tokens, long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Documents are computed anew, since their snapshot cannot be used: {Reason}")]
    private static partial void LogUnusable(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Documents: no snapshot could be written, so the next start computes them again: {Reason}")]
    private static partial void LogUnsaved(ILogger logger, string reason);
}
