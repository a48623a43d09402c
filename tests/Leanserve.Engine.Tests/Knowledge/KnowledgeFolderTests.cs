using System.Text;
using Leanserve.Contracts;
using Leanserve.Engine.Knowledge;

namespace Leanserve.Engine.Tests.Knowledge;

public sealed class KnowledgeFolderTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("knowledge-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    private string Write(string path, string text)
    {
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    [Fact]
    public void Read_ConfigMapVolume_GivesTheFilesAndTheHashOfTheConfigMap()
    {
        Write("..2026_01/a.md", "# A");
        Write("..2026_01/b.txt", "b");
        Directory.CreateSymbolicLink(Path.Combine(root, "..data"), "..2026_01");
        File.CreateSymbolicLink(Path.Combine(root, "a.md"), "..data/a.md");
        File.CreateSymbolicLink(Path.Combine(root, "b.txt"), "..data/b.txt");

        var folder = KnowledgeFolder.Read("kb", root);

        Assert.Equal(["kb/a.md", "kb/b.txt"], folder.Documents.Select(document => document.Source));
        Assert.Equal(KnowledgeHash.Compute([("b.txt", "b"u8.ToArray()), ("a.md", "# A"u8.ToArray())]), folder.ContentHash);
        Assert.Empty(folder.Skipped);
    }

    [Fact]
    public void Read_NestedFolders_ListsPathsInOrderAndLeavesDotFoldersOut()
    {
        Write("z/deep/c.txt", "c");
        Write("a.txt", "a");
        Write(".git/config", "secret");

        Assert.Equal(["kb/a.txt", "kb/z/deep/c.txt"], KnowledgeFolder.Read("kb", root).Documents.Select(document => document.Source));
    }

    [Fact]
    public void Read_LinksThatLeaveTheFolder_AreSkippedWithTheReason()
    {
        var outside = Path.Combine(Path.GetTempPath(), $"outside-{Path.GetRandomFileName()}");
        File.WriteAllText(outside, "a token");
        try
        {
            File.CreateSymbolicLink(Path.Combine(root, "direct.txt"), outside);
            Directory.CreateSymbolicLink(Path.Combine(root, "..through"), Path.GetDirectoryName(outside)!);
            File.CreateSymbolicLink(Path.Combine(root, "through.txt"), $"..through/{Path.GetFileName(outside)}");

            var folder = KnowledgeFolder.Read("kb", root);

            Assert.Empty(folder.Documents);
            Assert.Equal(2, folder.Skipped.Count(reason => reason.Contains("leaves the folder", StringComparison.Ordinal)));
        }
        finally
        {
            File.Delete(outside);
        }
    }

    [Fact]
    public void Read_BinaryFile_IsSkippedButChangesTheHash()
    {
        Write("a.txt", "a");
        var before = KnowledgeFolder.Read("kb", root).ContentHash;
        File.WriteAllBytes(Path.Combine(root, "x.bin"), [0xFF, 0x00, 0x10]);

        var folder = KnowledgeFolder.Read("kb", root);

        Assert.Single(folder.Documents);
        Assert.Equal(["x.bin: not UTF-8 text"], folder.Skipped);
        Assert.NotEqual(before, folder.ContentHash);
    }

    [Fact]
    public void Read_ByteOrderMarkAndWindowsLines_AreNormalised()
    {
        File.WriteAllBytes(Path.Combine(root, "a.txt"), [.. Encoding.UTF8.Preamble, .. "one\r\ntwo"u8]);

        Assert.Equal("one\ntwo", Assert.Single(KnowledgeFolder.Read("kb", root).Documents).Text);
    }

    [Fact]
    public void Read_MissingFolder_NamesSourceAndFolder()
    {
        var exception = Assert.Throws<DirectoryNotFoundException>(() => KnowledgeFolder.Read("wiki", Path.Combine(root, "none")));

        Assert.Contains("'wiki'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("none", exception.Message, StringComparison.Ordinal);
    }
}
