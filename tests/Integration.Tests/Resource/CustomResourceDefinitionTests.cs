namespace Integration.Tests.Resource;

public sealed class CustomResourceDefinitionTests(ResourceApi api) : IClassFixture<ResourceApi>
{
    private const string Capacity = "node: {gpu: X, capacity: {memory: MEMORY, bandwidthGigabytesPerSecond: \"300\", teraflops: \"121\"}}";

    public static TheoryData<string> Samples =>
        [.. Directory.EnumerateFiles(Path.Combine(ResourceApi.Root, "config/samples"), "*.yaml").Select(file => Path.GetFileName(file)!)
            .Where(name => name != "kustomization.yaml").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task DryRun_Sample_IsAccepted(string sample)
    {
        var (accepted, answer) = await api.DryRunAsync(sample, text => text);

        Assert.True(accepted, answer);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"1\"")]
    [InlineData("24Gi")]
    public async Task DryRun_QuantityAsIntegerOrString_IsAccepted(string memory)
    {
        var (accepted, answer) = await api.DryRunAsync(
            "infeasible.yaml", text => Replace(text, "node: {gpu: L4}", Capacity.Replace("MEMORY", memory, StringComparison.Ordinal)));

        Assert.True(accepted, answer);
    }

    [Theory]
    [InlineData("queriesPerSecond: \"0.5\"", "queriesPerSecond: half", "spec.traffic.queriesPerSecond in body should match")]
    [InlineData("weightBits: 16", "weightBits: 5", "spec.model.geometry.weightBits: Unsupported value: 5")]
    [InlineData("layers: 80", "layers: 0", "spec.model.geometry.layers in body should be greater than or equal to 1")]
    [InlineData("apply: PlanOnly", "apply: Sometimes", "spec.apply: Unsupported value")]
    [InlineData("  node: {gpu: L4}\n", "", "spec.node: Required value")]
    public async Task DryRun_BrokenManifest_IsRefusedInTheSchemasWords(string from, string to, string sentence)
    {
        var (accepted, answer) = await api.DryRunAsync("infeasible.yaml", text => Replace(text, from, to));

        Assert.False(accepted, answer);
        Assert.Contains(sentence, answer, StringComparison.Ordinal);
    }

    private static string Replace(string text, string from, string to)
    {
        Assert.Contains(from, text, StringComparison.Ordinal);
        return text.Replace(from, to, StringComparison.Ordinal);
    }
}
