using Leanserve.Contracts;
using Leanserve.Engine.Knowledge.Formats;

namespace Leanserve.Engine.Knowledge;

/// <summary>A knowledge source as read from a folder, at one moment.</summary>
public sealed record KnowledgeFolder
{
    /// <summary>Largest file that is read as a document; larger ones are skipped.</summary>
    /// <value>The value is 64 MiB.</value>
    public const long MaxFileBytes = 64L << 20;

    /// <summary>The source's name in the resource.</summary>
    public required string Name { get; init; }

    /// <summary>The documents in ordinal order of their paths, so that the same folder always gives the same prompt.</summary>
    public required IReadOnlyList<KnowledgeDocument> Documents { get; init; }

    /// <summary>See <see cref="KnowledgeHash"/>.</summary>
    public required string ContentHash { get; init; }

    /// <summary>Files that are no documents, with the reason: not UTF-8 text, a broken PDF, too large, or a link that leaves the folder.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <summary>Reads every document under a folder: PDF and HTML by their names' ends, all others as UTF-8 text.</summary>
    /// <remarks>
    /// A ConfigMap volume holds its files as links through <c>..data</c>: links to files inside the folder are followed, entries whose name starts with
    /// <c>..</c> are skipped. Links that leave the folder are not followed: they would put the pod's own secrets into prompts.
    /// </remarks>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public static KnowledgeFolder Read(string name, string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"Knowledge source '{name}': there is no folder '{directory}'; mount the documents there.");
        }

        var skipped = new List<string>();
        var files = FolderFiles.List(directory, skipped)
            .Select(file => (Name: file.RelativePath, Content: (ReadOnlyMemory<byte>)File.ReadAllBytes(file.FullPath)))
            .ToList();
        return FromFiles(name, files, skipped);
    }

    /// <summary>Makes a source of files that are in memory already, such as a ConfigMap's keys.</summary>
    public static KnowledgeFolder FromFiles(string name, IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)> files, List<string>? skipped = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        skipped ??= [];
        var documents = new List<KnowledgeDocument>();
        foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            try
            {
                documents.Add(DocumentReader.Read($"{name}/{file.Name}", file.Content));
            }
            catch (InvalidDataException exception)
            {
                skipped.Add($"{file.Name}: {exception.Message}");
            }
        }

        return new KnowledgeFolder { Name = name, Documents = documents, ContentHash = KnowledgeHash.Compute(files), Skipped = skipped };
    }
}
