using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Leanserve.Engine.Knowledge;

/// <summary>What of a passage is embedded, and the key under which its vector is kept: equal text has an equal vector, wherever it stands.</summary>
internal static class VectorKey
{
    public static string TextOf(Passage passage) => passage.Heading.Length == 0 ? passage.Text : $"{passage.Heading}\n{passage.Text}";

    public static UInt128 Of(string text) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(text.AsSpan()));
}
