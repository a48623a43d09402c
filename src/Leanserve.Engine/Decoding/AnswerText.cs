using System.Text;

namespace Leanserve.Engine.Decoding;

/// <summary>Turns the bytes of successive tokens into text that can be sent at once: whole characters, and nothing that may be part of a stop string.</summary>
internal sealed class AnswerText(IReadOnlyList<string> stopStrings)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _held = new();

    /// <summary>The stop string met, or null.</summary>
    public string? Stop { get; private set; }

    /// <summary>Takes the bytes of one more token; returns the text that is certain now.</summary>
    public string Append(ReadOnlySpan<byte> bytes) => Decode(bytes, flush: false);

    /// <summary>The answer is over; returns what was held back.</summary>
    public string Complete()
    {
        string text = Stop is null ? Decode([], flush: true) : string.Empty;
        text += _held.ToString();
        _held.Clear();
        return text;
    }

    private string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        var characters = new char[_decoder.GetCharCount(bytes, flush)];
        _decoder.GetChars(bytes, characters, flush);
        _held.Append(characters);
        if (stopStrings.Count == 0)
        {
            return Take(_held.Length);
        }

        string text = _held.ToString();
        (int at, string? stop) = FirstStop(text);
        if (stop is null)
        {
            return Take(text.Length - LongestStopPrefix(text));
        }

        Stop = stop;
        _held.Clear();
        return text[..at];
    }

    private (int At, string? Stop) FirstStop(string text)
    {
        (int first, string? found) = (text.Length, null);
        foreach (string stop in stopStrings)
        {
            int at = text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && at < first)
            {
                (first, found) = (at, stop);
            }
        }

        return (first, found);
    }

    /// <summary>Length of the longest end of the text that some stop string starts with.</summary>
    private int LongestStopPrefix(string text)
    {
        int longest = 0;
        foreach (string stop in stopStrings)
        {
            for (int length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }

    private string Take(int length)
    {
        string text = _held.ToString(0, length);
        _held.Remove(0, length);
        return text;
    }
}
