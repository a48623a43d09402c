using CsCheck;
using Leanserve.Engine;
using Leanserve.Engine.Knowledge.Snapshots;
using Leanserve.Onnx.Tests.Support;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Tests;

public sealed class SnapshotTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Snapshot_Restored_HoldsTheFreshBitsAndAnswersAlike() =>
        await Gen.Select(Gen.OneOfConst([.. TinyModel.AllSpecs]), Gen.Int[0, 1_000_000]).SampleAsync(
            async (spec, seed) =>
            {
                var random = new Random(seed);
                int[] documents = Tokens(random, random.Next(1, 300));
                int[] prompt = [.. documents, .. Tokens(random, random.Next(1, 20))];
                string directory = TinyModel.NewFolder();
                await using var fresh = TinyModel.Engine(spec);
                await fresh.AskAsync(Answers.Sampled(Tokens(random, 40), 10, seed: 1));
                await fresh.PreloadAsync("docs", documents, Cancellation);
                Assert.True(await Folder(directory, spec, fresh).SaveAsync(fresh, "docs", documents, Cancellation));

                await using var restored = TinyModel.Engine(spec);
                using var snapshot = Folder(directory, spec, restored).Open(documents);
                await restored.PreloadAsync("docs", documents, Cancellation, snapshot!.Rows);

                Assert.Equal(0, restored.Statistics.PrefilledTokens);
                Assert.Equal(await RowsAsync(fresh, documents.Length), await RowsAsync(restored, documents.Length));
                var request = Answers.Sampled(prompt, 12, seed: 7);
                var expected = await fresh.AskAsync(request);
                var answer = await restored.AskAsync(request);
                Assert.Equal(expected.Tokens(), answer.Tokens());
                Assert.Equal(documents.Length, answer.Finished!.Usage.CachedTokens);
            },
            iter: 12,
            threads: 1);

    [Fact]
    public async Task Preload_RestoredWhileRequestsRun_LeavesTheirAnswersAlone()
    {
        string directory = TinyModel.NewFolder();
        int[] documents = Tokens(new Random(3), 250);
        await using var fresh = TinyModel.Engine(TinyModel.GroupedQuery);
        var alone = await fresh.AskAsync(Answers.Sampled([1, 2, 3], 60, seed: 5));
        await fresh.PreloadAsync("docs", documents, Cancellation);
        await Folder(directory, TinyModel.GroupedQuery, fresh).SaveAsync(fresh, "docs", documents, Cancellation);

        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery);
        using var snapshot = Folder(directory, TinyModel.GroupedQuery, engine).Open(documents);
        var running = engine.AskAsync(Answers.Sampled([1, 2, 3], 60, seed: 5));
        var onDocuments = engine.AskAsync(Answers.Sampled([.. documents, 9], 10, seed: 5));
        await engine.PreloadAsync("docs", documents, Cancellation, snapshot!.Rows);

        Assert.Equal(alone.Tokens(), (await running).Tokens());
        Assert.Equal((await fresh.AskAsync(Answers.Sampled([.. documents, 9], 10, seed: 5))).Tokens(), (await onDocuments).Tokens());
    }

    [Theory]
    [InlineData("truncated", "cut off")]
    [InlineData("header", "less than a header")]
    [InlineData("flipped", "checksum")]
    [InlineData("version", "version")]
    [InlineData("foreign", "another model")]
    [InlineData("documents", "other documents")]
    public async Task Open_DamagedOrForeignFile_IsNamedAndRemoved(string damage, string expected)
    {
        string directory = TinyModel.NewFolder();
        int[] documents = Tokens(new Random(3), 50);
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery);
        await engine.PreloadAsync("docs", documents, Cancellation);
        var folder = Folder(directory, TinyModel.GroupedQuery, engine);
        await folder.SaveAsync(engine, "docs", documents, Cancellation);
        string path = Assert.Single(Directory.GetFiles(directory));
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, damage switch
        {
            "truncated" => bytes[..^1],
            "header" => bytes[..20],
            "flipped" => [.. bytes[..^5], (byte)(bytes[^5] ^ 1), .. bytes[^4..]],
            "version" => [(byte)(bytes[0] ^ 1), .. bytes[1..]],
            "foreign" => [.. bytes[..20], (byte)(bytes[20] ^ 1), .. bytes[21..]],
            _ => [.. bytes[..48], (byte)(bytes[48] ^ 1), .. bytes[49..]],
        });

        var exception = Assert.Throws<InvalidDataException>(() => folder.Open(documents));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Null(folder.Open(documents));
    }

    [Fact]
    public async Task Save_MoreAndMoreDocuments_KeepsTheNewestTwo()
    {
        string directory = TinyModel.NewFolder();
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery);
        var folder = Folder(directory, TinyModel.GroupedQuery, engine);
        for (int length = 10; length < 15; length++)
        {
            int[] documents = Tokens(new Random(length), length);
            await engine.PreloadAsync("docs", documents, Cancellation);
            await folder.SaveAsync(engine, "docs", documents, Cancellation);
            Assert.True(Directory.GetFiles(directory).Length <= SnapshotFolder.MaxFiles);
            using var snapshot = folder.Open(documents);
            Assert.NotNull(snapshot);
        }
    }

    [Fact]
    public async Task Save_PrefixGivenUp_LeavesNoFile()
    {
        string directory = TinyModel.NewFolder();
        await using var engine = TinyModel.Engine(TinyModel.GroupedQuery);
        Assert.False(await Folder(directory, TinyModel.GroupedQuery, engine).SaveAsync(engine, "gone", [1, 2, 3], Cancellation));
        Assert.Empty(Directory.GetFiles(directory));
    }

    [Fact]
    public void HashContents_OtherWeights_Differs()
    {
        Assert.Equal(TinyModel.Open(TinyModel.GroupedQuery).HashContents(), TinyModel.Open(TinyModel.GroupedQuery).HashContents());
        Assert.NotEqual(TinyModel.Open(TinyModel.GroupedQuery).HashContents(), TinyModel.Open(TinyModel.GroupedQuery, seed: 2).HashContents());
    }

    private static SnapshotFolder Folder(string directory, DecoderSpec spec, InferenceEngine engine) =>
        new(directory, $"{TinyModel.Open(spec).HashContents()} {engine.SlotFormat}", engine.SlotBytes, TimeProvider.System);

    private static async Task<byte[]> RowsAsync(InferenceEngine engine, int tokens)
    {
        var rows = new byte[tokens * engine.SlotBytes];
        Assert.Equal(tokens, await engine.ReadPreloadedAsync("docs", 0, rows));
        return rows;
    }

    private static int[] Tokens(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(TinyModel.VocabularySize))];
}
