using System.Globalization;

namespace Leanserve.Translation;

/// <summary>A place in a file; lines and columns count from 1, documents of a multi-document file too.</summary>
public readonly record struct SourcePosition(string File, int Document, long Line, long Column)
{
    /// <summary>As compilers write it: file:line:column.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}
