using System.Collections.Frozen;

namespace Leanserve.Onnx;

/// <summary>GPT-2's spelling of bytes as printable characters: printable Latin-1 stands for itself, the rest is moved past U+0100.</summary>
public static class ByteLevel
{
    /// <summary>[256] the character of each byte.</summary>
    public static IReadOnlyList<char> Alphabet { get; } = BuildAlphabet();

    private static readonly FrozenDictionary<char, byte> Bytes =
        Alphabet.Select((character, value) => KeyValuePair.Create(character, (byte)value)).ToFrozenDictionary();

    /// <summary>The bytes that a token's spelling stands for, or null where a character is none of the alphabet.</summary>
    public static byte[]? ToBytes(string spelling)
    {
        ArgumentNullException.ThrowIfNull(spelling);
        var bytes = new byte[spelling.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            if (!Bytes.TryGetValue(spelling[i], out bytes[i]))
            {
                return null;
            }
        }

        return bytes;
    }

    /// <summary>The spelling of some bytes.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        var spelling = new char[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            spelling[i] = Alphabet[bytes[i]];
        }

        return new string(spelling);
    }

    private static char[] BuildAlphabet()
    {
        var alphabet = new char[256];
        int moved = 256;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            alphabet[value] = printable ? (char)value : (char)moved++;
        }

        return alphabet;
    }
}
