using Leanserve.Engine;
using Leanserve.Engine.Knowledge;
using Leanserve.Server.Hosting;
using Leanserve.Server.Metrics;

namespace Leanserve.Server.Knowledge;

/// <summary>Notices changed documents, makes them ready beside those that are served, and lets new requests have them.</summary>
/// <remarks>Two states of the documents are cached at most: the next change waits until the last request on the former state has ended.</remarks>
internal sealed partial class KnowledgeRefresher(ServedModel model, ServerMetrics metrics, TimeProvider time, ILogger logger)
{
    private string? fault;

    /// <summary>Looks at the folders every <paramref name="interval"/> until cancelled.</summary>
    public async Task RunAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        if (model.Config.Knowledge.Sources.Count == 0)
        {
            return;
        }

        // The first look always reads: the documents may have changed while the model was loaded.
        string? served = null;
        var before = Stamp();
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            var now = Stamp();

            // Files that are being copied look different each time; they are read once they have come to rest.
            if (now is not null && now == before && now != served)
            {
                served = await TryRefreshAsync(now, cancellationToken).ConfigureAwait(false) ? now : served;
            }

            before = now;
        }
    }

    private string? Stamp()
    {
        var stamps = model.Config.Knowledge.Sources.Select(source => FolderStamp.Of(source.Directory)).ToList();
        return stamps.Contains(null) ? null : string.Join('\f', stamps);
    }

    private async Task<bool> TryRefreshAsync(string stamp, CancellationToken cancellationToken)
    {
        try
        {
            return await RefreshAsync(stamp, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A fault of the model fails the requests that it meets, too; later changes must still be taken up.
            LogFailed(logger, exception);
            metrics.Refreshed(RefreshOutcome.Refused);
            return true;
        }
    }

    /// <summary>Whether the folders as stamped have been dealt with.</summary>
    private async Task<bool> RefreshAsync(string stamp, CancellationToken cancellationToken)
    {
        var former = model.Knowledge.Current;
        KnowledgeBase next;
        try
        {
            next = await model.KnowledgeLoader.LoadAsync(former, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (fault != exception.Message)
            {
                LogUnreadable(logger, fault = exception.Message);
            }

            return false;
        }

        fault = null;
        if (Stamp() != stamp)
        {
            return false;
        }

        if (next.ContentHash != former.ContentHash)
        {
            KnowledgeLog.Skipped(logger, next);
            await ReplaceAsync(former, next, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task ReplaceAsync(KnowledgeBase former, KnowledgeBase next, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        RefreshOutcome outcome;
        if (model.Excess(next) is { } excess)
        {
            LogRefused(logger, excess);
            outcome = RefreshOutcome.Refused;
        }
        else
        {
            outcome = await TryBesideAsync(former, next, cancellationToken).ConfigureAwait(false)
                ? RefreshOutcome.Beside
                : await DrainAsync(former, next, cancellationToken).ConfigureAwait(false);
        }

        metrics.Refreshed(outcome);
        LogRefreshed(logger, outcome, next.ContentHash, next.Everything.Opening.Count, next.ReusedDocuments, time.GetElapsedTime(start).TotalSeconds);
    }

    private async Task<bool> TryBesideAsync(KnowledgeBase former, KnowledgeBase next, CancellationToken cancellationToken)
    {
        try
        {
            await model.Cache.LoadAsync(next, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestRefusedException refused)
        {
            LogNoRoomBeside(logger, refused.Message);
            return false;
        }

        await model.Knowledge.SwitchAsync(next).WaitAsync(cancellationToken).ConfigureAwait(false);
        await model.Cache.UnloadAsync(former).ConfigureAwait(false);
        return true;
    }

    private async Task<RefreshOutcome> DrainAsync(KnowledgeBase former, KnowledgeBase next, CancellationToken cancellationToken)
    {
        var opening = former;
        try
        {
            await model.Knowledge.CloseAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            await model.Cache.UnloadAsync(former).ConfigureAwait(false);
            await model.Cache.LoadAsync(next, cancellationToken).ConfigureAwait(false);
            opening = next;
            return RefreshOutcome.Drained;
        }
        catch (RequestRefusedException refused)
        {
            LogRefused(logger, refused.Message);
            await model.Cache.LoadAsync(former, cancellationToken).ConfigureAwait(false);
            return RefreshOutcome.Refused;
        }
        finally
        {
            // Whatever went wrong, requests must not wait for ever; without a cache they compute the documents themselves.
            model.Knowledge.Open(opening);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Changed documents: {Outcome}; content {Hash}, {OpeningTokens} tokens in every prompt, {Reused} documents taken over, {Seconds:0.00} s.")]
    private static partial void LogRefreshed(ILogger logger, RefreshOutcome outcome, string hash, int openingTokens, int reused, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changed documents do not fit beside those that are served, so requests wait until the running ones have ended: {Reason}")]
    private static partial void LogNoRoomBeside(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Changed documents cannot be served; the former ones still are: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Changed documents could not be taken up; the former ones are still served.")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changed documents cannot be read yet: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string reason);
}
