using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Leanserve.Contracts;

/// <summary>
/// The content hash of a knowledge source: the operator computes it over a ConfigMap's keys, the runtime over the files of a folder, and both get the same
/// value for the same files.
/// </summary>
public static class KnowledgeHash
{
    /// <summary>SHA-256 over names and contents in ordinal order of the names, lower-case hexadecimal.</summary>
    /// <param name="files">
    /// Every file of the source: its path relative to the source with forward slashes (a ConfigMap key is such a path), and its bytes.
    /// </param>
    public static string Compute(IEnumerable<(string Name, ReadOnlyMemory<byte> Content)> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            AppendWithLength(hash, Encoding.UTF8.GetBytes(name));
            AppendWithLength(hash, content.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The length before the bytes keeps ("ab", "c") and ("a", "bc") apart.
    private static void AppendWithLength(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
