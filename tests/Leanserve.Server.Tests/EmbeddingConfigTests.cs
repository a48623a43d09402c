using System.Text.Json;
using Leanserve.Contracts;
using Leanserve.Server.Configuration;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

public sealed class EmbeddingConfigTests(TinyModel model)
{
    public static TheoryData<EmbeddingModelConfig?, RetrievalMode?, string?> Configurations => new()
    {
        { null, null, null },
        { null, RetrievalMode.Keyword, null },
        { null, RetrievalMode.Vector, "knowledge.retrieval is Vector, which needs embeddingModel" },
        { null, RetrievalMode.Hybrid, "knowledge.retrieval is Hybrid, which needs embeddingModel" },
        { Model("vectors", "/models"), RetrievalMode.Hybrid, null },
        { Model(TestServer.ModelName, "/models"), null, "embeddingModel.modelName is 'handbook'; it must be a name of its own" },
        { Model("vectors", " "), null, "embeddingModel.modelDirectory is empty" },
    };

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Parse_EmbeddingModel_IsHeldToItsRules(EmbeddingModelConfig? embedding, RetrievalMode? retrieval, string? expected)
    {
        var config = TestServer.Config(model) with { EmbeddingModel = embedding };
        config = config with { Knowledge = config.Knowledge with { Retrieval = retrieval } };

        var violations = RuntimeConfigFile.Parse(JsonSerializer.Serialize(config, RuntimeConfig.Json)).Violations;

        if (expected is null)
        {
            Assert.Empty(violations);
        }
        else
        {
            Assert.Contains(expected, Assert.Single(violations), StringComparison.Ordinal);
        }
    }

    private static EmbeddingModelConfig Model(string name, string directory) => new() { ModelName = name, ModelDirectory = directory };
}
