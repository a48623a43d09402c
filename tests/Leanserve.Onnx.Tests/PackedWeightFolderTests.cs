using Leanserve.Engine;
using Leanserve.Onnx.Tests.Support;
using Leanserve.Onnx.Writing;

namespace Leanserve.Onnx.Tests;

public sealed class PackedWeightFolderTests
{
    public static TheoryData<string> Precisions => [nameof(TinyModel.GroupedQuery), nameof(TinyModel.PartialRotaryTied), nameof(TinyModel.Int4)];

    [Theory]
    [MemberData(nameof(Precisions))]
    public void Runner_OnMappedWeights_GivesTheBitsOfPackedOnes(string model)
    {
        var spec = Spec(model);
        string directory = TinyModel.NewFolder();
        float[] expected = Logits(spec, directory, out _);
        string path = Assert.Single(Directory.GetFiles(directory));
        byte[] written = File.ReadAllBytes(path);

        Assert.Equal(expected, Logits(spec, directory, out var reports));
        Assert.Empty(reports);
        Assert.Equal(written, File.ReadAllBytes(path));
        Assert.Equal(expected, Logits(spec, null, out _));
    }

    [Theory]
    [InlineData("truncated", "are not the")]
    [InlineData("flipped", "checksum is wrong")]
    [InlineData("foreign", "other weights")]
    public void Runner_OnDamagedFile_ReportsItAndPacksAnew(string damage, string expected)
    {
        string directory = TinyModel.NewFolder();
        float[] logits = Logits(TinyModel.Int4, directory, out _);
        string path = Assert.Single(Directory.GetFiles(directory));
        byte[] whole = File.ReadAllBytes(path);
        byte[] damaged = [.. whole];
        damaged[damage == "foreign" ? 20 : ^9] ^= 1;
        File.WriteAllBytes(path, damage == "truncated" ? whole[..^1] : damaged);

        Assert.Equal(logits, Logits(TinyModel.Int4, directory, out var reports));

        string report = Assert.Single(reports);
        Assert.Contains(path, report, StringComparison.Ordinal);
        Assert.Contains(expected, report, StringComparison.Ordinal);
        Assert.Equal(whole, File.ReadAllBytes(Assert.Single(Directory.GetFiles(directory))));
    }

    [Fact]
    public void Runner_WhereFolderCannotBeWritten_ReportsItAndServes()
    {
        string file = Path.Combine(TinyModel.NewFolder(), "file");
        File.WriteAllText(file, "in the way");

        Assert.Equal(Logits(TinyModel.Int4, null, out _), Logits(TinyModel.Int4, Path.Combine(file, "weights"), out var reports));
        Assert.Contains("could not be kept", Assert.Single(reports), StringComparison.Ordinal);
    }

    [Fact]
    public void Runner_OfAnotherModel_LeavesItsWeightsBeside()
    {
        string directory = TinyModel.NewFolder();
        foreach (string model in Precisions)
        {
            Logits(Spec(model), directory, out _);
        }

        Assert.Equal(PackedWeightFolder.MaxFiles, Directory.GetFiles(directory).Length);
    }

    private static DecoderSpec Spec(string model) => (DecoderSpec)typeof(TinyModel).GetProperty(model)!.GetValue(null)!;

    /// <summary>Logits of one step; what was to be written is when this returns.</summary>
    private static float[] Logits(DecoderSpec spec, string? directory, out List<string> reports)
    {
        List<string> told = reports = [];
        var folder = TinyModel.Open(spec);
        var weights = directory is null ? null : new PackedWeightFolder(directory, folder.HashContents(), told.Add);
        using var runner = folder.CreateRunner(new OnnxRunnerOptions { KvSlots = 16, Threads = 1, PackedWeights = weights });
        int[] path = [0, 1, 2];
        return runner.Run(new ModelStep
        {
            TokenIds = new long[] { 5, 6, 7 },
            Positions = new long[] { 0, 1, 2 },
            UsedSlots = 0,
            Paths = new ReadOnlyMemory<int>[] { path.AsMemory(0, 1), path.AsMemory(0, 2), path },
            LogitRows = new long[] { 2 },
        }).ToArray();
    }
}
