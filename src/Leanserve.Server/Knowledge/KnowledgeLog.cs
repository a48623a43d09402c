namespace Leanserve.Server.Knowledge;

/// <summary>What is said about documents whenever they are read.</summary>
internal static partial class KnowledgeLog
{
    /// <summary>One line for each file that is no document.</summary>
    public static void Skipped(ILogger logger, KnowledgeBase knowledge)
    {
        foreach (var folder in knowledge.Folders)
        {
            foreach (var file in folder.Skipped)
            {
                LogSkippedFile(logger, folder.Name, file);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Knowledge source {Source}: skipped {File}")]
    private static partial void LogSkippedFile(ILogger logger, string source, string file);
}
