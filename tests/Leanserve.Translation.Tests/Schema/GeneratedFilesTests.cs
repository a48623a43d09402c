using Leanserve.Generator;

namespace Leanserve.Translation.Tests.Schema;

public sealed class GeneratedFilesTests
{
    [Fact]
    public void All_InTheRepository_AreCurrent() =>
        Assert.Empty(GeneratedFiles.All().Where(file => file.IsStale(Repository.Root)).Select(file => file.Path));

    [Fact]
    public void All_GeneratedTwice_AreTheSameBytes() => Assert.Equal(GeneratedFiles.All(), GeneratedFiles.All());

    [Fact]
    public void Crd_Size_FitsTheAnnotationOfClientSideApply() =>
        Assert.All(GeneratedFiles.All(), file => Assert.True(file.Content.Length < 200_000, $"{file.Path} has {file.Content.Length} bytes."));

    [Fact]
    public void LegacyCrd_HasNoCelRules() => Assert.DoesNotContain(
        "x-kubernetes-validations", GeneratedFiles.All().Single(file => file.Path.Contains("/legacy/", StringComparison.Ordinal)).Content, StringComparison.Ordinal);
}
