using Leanserve.Translation.Reading;

namespace Leanserve.Translation.Tests.Reading;

public sealed class DeploymentReaderTests
{
    [Fact]
    public void Read_FullManifest_GivesTheDeployment()
    {
        var deployment = Manifests.Parse(Manifests.Full);

        Assert.Equal("handbook", deployment.Metadata.Name);
        Assert.Equal("2.5", deployment.Spec.Traffic.BurstFactor);
        Assert.Equal("24Gi", deployment.Spec.Node.Capacity!.Memory);
        Assert.Equal("24", deployment.Spec.Assumptions!["HorizonMonths"]);
    }

    [Theory]
    [InlineData("24Gi", "24000000000")]
    [InlineData("24Gi", "\"24000000000\"")]
    public void Read_QuantityAsIntegerOrString_AreTheSame(string from, string to) =>
        Assert.Equal("24000000000", Manifests.Parse(Manifests.With(from, to)).Spec.Node.Capacity!.Memory);

    [Theory]
    [InlineData("gpu: L4", "gqu: L4", "test.yaml:13:5: spec.node.gqu = \"L4\": is no field of LlmDeployment. Did you mean gpu?")]
    [InlineData("gpu: L4", "gqu: L4", "test.yaml:12:3: spec.node.gpu: is required and missing. Add it: A GPU of the catalogue")]
    [InlineData("queriesPerSecond: \"2\"", "queriesPerSecond: 2", "test.yaml:18:5: spec.traffic.queriesPerSecond = 2: must be a string. Write it in quotes: \"2\".")]
    [InlineData("promptTokens: 310", "promptTokens: many", "spec.traffic.promptTokens = \"many\": must be an integer. Write a whole number without quotes.")]
    [InlineData("promptTokens: 310", "promptTokens: 3.5", "spec.traffic.promptTokens = 3.5: must be an integer. Write a whole number.")]
    [InlineData("promptTokens: 310", "promptTokens: 0", "spec.traffic.promptTokens = 0: must lie between 1 and 10000000.")]
    [InlineData("promptTokens: 310", "promptTokens:", "spec.traffic.promptTokens = null: the field has no value. Give it one, or leave the field out.")]
    [InlineData("burstFactor: \"2.5\"", "burstFactor: \"2,5\"", "spec.traffic.burstFactor = \"2,5\": is not a non-negative decimal number. Write a number such as")]
    [InlineData("answerQuality: PreferExact", "answerQuality: Best", "spec.objectives.answerQuality = \"Best\": is not one of the allowed values. Write one of Standard, PreferExact, RequireExact.")]
    [InlineData("weightBits: 4", "weightBits: 5", "spec.model.geometry.weightBits = 5: is not one of the allowed values. Write one of 4, 8, 16, 32.")]
    [InlineData("memory: 24Gi", "memory: a lot", "spec.node.capacity.memory = \"a lot\": is not a quantity. Write a number with a unit, such as 24Gi or 500M.")]
    [InlineData("memory: 24Gi", "memory: yes", "spec.node.capacity.memory = true: must be a quantity.")]
    [InlineData("- {name: wiki,", "- {name: handbook,", "spec.knowledge.sources[1].name = \"handbook\": is used twice, but name tells the items apart.")]
    [InlineData("path: phi/mini-int4", "path: ../etc", "spec.model.source.persistentVolumeClaim.path = \"../etc\": does not match")]
    [InlineData("claimName: models", "claimName: \"\"", "spec.model.source.persistentVolumeClaim.claimName = \"\": is shorter than 1 characters.")]
    [InlineData("team: {engineers: 3, expertise: Platform, hourlyCost: \"80.5\"}", "team: [3]", "spec.team = [3]: must be a map of fields.")]
    [InlineData("leanserve.io/v1alpha1", "leanserve.io/v2", "test.yaml:1:1: apiVersion = leanserve.io/v2: is not the version of a LlmDeployment. Write leanserve.io/v1alpha1.")]
    [InlineData("name: handbook\n", "labels: {}\n", "metadata.name: is required and missing. Give the deployment a name.")]
    [InlineData("name: handbook\n", "name: Hand_book\n", "metadata.name = \"Hand_book\": metadata.name names the Service too")]
    public void Read_BrokenManifest_SaysWhereWhatAndHow(string from, string to, string expected)
    {
        var file = DeploymentReader.Read(Manifests.With(from, to), "test.yaml");

        Assert.Empty(file.Deployments);
        Assert.Contains(file.Violations, violation => violation.ToString().Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_SeveralFaults_ReportsThemAllInOrder()
    {
        var broken = Manifests.With("gpu: L4", "gpuu: L4").Replace("percentile: 90", "percentile: 100", StringComparison.Ordinal)
            .Replace("minReplicas: 2, maxReplicas: 3", "minReplicas: 5, maxReplicas: 3", StringComparison.Ordinal)
            .Replace("headSize: 128", "headSize: none", StringComparison.Ordinal);

        var paths = DeploymentReader.Read(broken, "test.yaml").Violations.Select(violation => violation.Path);

        Assert.Equal(
            ["spec.model.geometry.headSize", "spec.node.gpu", "spec.node.gpuu", "spec.objectives.percentile", "spec.scaling.minReplicas"], paths);
    }

    [Theory]
    [InlineData("kind: [", 1)]
    [InlineData("a: 1\na: 2\n", 2)]
    [InlineData("a: 1\n\tb: 2\n", 1)]
    public void Read_BadYaml_IsAViolationWithItsLine(string text, long line)
    {
        var violation = Assert.Single(DeploymentReader.Read(text, "test.yaml").Violations);

        Assert.StartsWith("this is no YAML", violation.Rule, StringComparison.Ordinal);
        Assert.InRange(violation.Position!.Value.Line, line, line + 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("kind: Secret\n")]
    public void Read_NoDeployment_SaysSo(string text) =>
        Assert.Contains("there is no LlmDeployment", Assert.Single(DeploymentReader.Read(text, "test.yaml").Violations).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Read_AliasesThatMultiply_AreRefused()
    {
        var bomb = string.Concat(Enumerable.Range(1, 9).Select(level => $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat(level == 1 ? "x" : $"*a{level - 1}", 9))}]\n"));

        Assert.Contains("100000 nodes", Assert.Single(DeploymentReader.Read(bomb, "test.yaml").Violations).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyDocuments_KeepsTheGoodOnesAndPlacesTheFaults()
    {
        var file = DeploymentReader.Read($"{Manifests.Full}\n---\nkind: Secret\n---\n{Manifests.With("gpu: L4", "gpu: L5\n    foo: 1")}", "test.yaml");

        Assert.Single(file.Deployments);
        Assert.Equal(3, Assert.Single(file.Violations).Position!.Value.Document);
    }

    [Fact]
    public void KnowledgeEstimate_OfConfigMapsInTheFile_CountsTheirText()
    {
        var file = DeploymentReader.Read(Repository.Read("config/samples/handbook.yaml"), "handbook.yaml");

        var tokens = KnowledgeEstimate.Tokens(file.Deployments[0].Deployment, file.ConfigMaps);

        Assert.Equal((long)Math.Ceiling(file.ConfigMaps[0].Data.Values.Sum(text => text.Length) / 4.0), tokens);
        Assert.Null(KnowledgeEstimate.Tokens(Manifests.Parse(Manifests.Full), file.ConfigMaps));
    }
}
