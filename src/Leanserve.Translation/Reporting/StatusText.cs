namespace Leanserve.Translation.Reporting;

/// <summary>Keeps texts within the bounds of the status' schema.</summary>
internal static class StatusText
{
    /// <summary>Most characters of one message.</summary>
    public const int LongestMessage = 512;

    /// <summary>The message, cut with an ellipsis where it is longer than 512 characters.</summary>
    public static string Message(string message)
    {
        if (message.Length <= LongestMessage)
        {
            return message;
        }

        // Half of a surrogate pair is no text.
        var end = LongestMessage - 1;
        return $"{message[..(char.IsHighSurrogate(message[end - 1]) ? end - 1 : end)]}…";
    }
}
