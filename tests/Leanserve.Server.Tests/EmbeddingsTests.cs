using System.ClientModel;
using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using Leanserve.Contracts;
using Leanserve.Server.Hosting;
using Leanserve.Server.Tests.Support;
using OpenAI.Embeddings;

namespace Leanserve.Server.Tests;

/// <summary><c>/v1/embeddings</c> through OpenAI's own client, on a real encoder.</summary>
public sealed class EmbeddingsTests(TinyModel model) : IDisposable
{
    private const string Name = "handbook-embeddings";

    private readonly SynonymEncoder encoder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => encoder.Dispose();

    private RuntimeConfig Config() => TestServer.Config(model) with
    {
        EmbeddingModel = new EmbeddingModelConfig { ModelName = Name, ModelDirectory = encoder.Directory },
    };

    [Fact]
    public async Task Client_SeveralTexts_GetsVectorsOfLengthOneWhoseCosinesFollowTheMeanings()
    {
        await using var server = await TestServer.StartAsync(Config());
        var client = server.OpenAi.GetEmbeddingClient(Name);

        var answer = (await client.GenerateEmbeddingsAsync(["My car is for the doctor.", "automobile of a physician", "Where is the food?"], cancellationToken: Cancellation)).Value;

        var vectors = answer.Select(each => each.ToFloats().ToArray()).ToList();
        Assert.All(vectors, vector => Assert.Equal(1, TensorPrimitives.Norm<float>(vector), 1e-5));
        Assert.All(vectors, vector => Assert.Equal(SynonymEncoder.Dimensions, vector.Length));
        Assert.True(TensorPrimitives.Dot<float>(vectors[0], vectors[1]) > 0.95);
        Assert.True(TensorPrimitives.Dot<float>(vectors[0], vectors[2]) < 0.2);
        Assert.Equal([0, 1, 2], answer.Select(each => each.Index));
        Assert.Equal(Name, answer.Model);
        Assert.Equal(7 + 4 + 5, answer.Usage.InputTokenCount);
    }

    [Fact]
    public async Task Client_OneTextAmongOthers_GetsTheSameVectorAsAlone()
    {
        await using var server = await TestServer.StartAsync(Config());
        var client = server.OpenAi.GetEmbeddingClient(Name);
        string[] texts = ["car", "the price of a vehicle is the price of a car", "physician"];

        var together = (await client.GenerateEmbeddingsAsync(texts, cancellationToken: Cancellation)).Value;
        var tokens = (await client.GenerateEmbeddingsAsync([(ReadOnlyMemory<int>)new[] { encoder.IdOf("physician") }], cancellationToken: Cancellation)).Value;

        foreach (var (i, text) in texts.Index())
        {
            var alone = (await client.GenerateEmbeddingAsync(text, new EmbeddingGenerationOptions { Dimensions = SynonymEncoder.Dimensions }, Cancellation)).Value;
            Assert.Equal(alone.ToFloats().ToArray(), together[i].ToFloats().ToArray());
        }

        Assert.Equal(together[2].ToFloats().ToArray(), tokens[0].ToFloats().ToArray());
    }

    [Fact]
    public async Task Post_FloatsAndBase64_AreTheSameNumbers()
    {
        await using var server = await TestServer.StartAsync(Config());

        var floats = await server.PostAsync("/v1/embeddings", new { model = Name, input = "car price" }, Cancellation);
        var encoded = await server.PostAsync("/v1/embeddings", new { model = Name, input = "car price", encoding_format = "base64" }, Cancellation);

        var bytes = Convert.FromBase64String((string)encoded["data"]![0]!["embedding"]!);
        Assert.Equal(
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            floats["data"]![0]!["embedding"]!.AsArray().Select(number => (float)number!).ToArray());
    }

    [Theory]
    [InlineData("""{"model":"handbook-embeddings","input":"a","dimensions":8}""", "dimensions")]
    [InlineData("""{"model":"handbook-embeddings","input":["a",""]}""", "input[1]")]
    [InlineData("""{"model":"handbook-embeddings","input":[]}""", "input")]
    [InlineData("""{"model":"handbook-embeddings","input":{}}""", "input")]
    [InlineData("""{"model":"handbook-embeddings","input":[[1,99999]]}""", "input[0]")]
    [InlineData("""{"model":"handbook-embeddings","input":[[]]}""", "input[0]")]
    [InlineData("""{"model":"handbook-embeddings","input":"a","encoding_format":"hex"}""", "encoding_format")]
    [InlineData("""{"model":"handbook-embeddings"}""", "input")]
    [InlineData("""{"input":"a"}""", "model")]
    public async Task Post_BadRequest_IsRefusedWithTheMember(string body, string param)
    {
        await using var server = await TestServer.StartAsync(Config());

        var (status, error) = await server.PostForErrorAsync("/v1/embeddings", System.Text.Encoding.UTF8.GetBytes(body), Cancellation);

        Assert.Equal((400, param), (status, error.GetProperty("param").GetString()));
    }

    [Fact]
    public async Task Client_TextLongerThanTheModelReads_IsToldHowLongItMayBe()
    {
        await using var server = await TestServer.StartAsync(Config());
        var client = server.OpenAi.GetEmbeddingClient(Name);
        var longest = string.Join(' ', Enumerable.Repeat("car", SynonymEncoder.MaxTokens));
        await client.GenerateEmbeddingAsync(longest, cancellationToken: Cancellation);

        var refused = await Assert.ThrowsAsync<ClientResultException>(() => client.GenerateEmbeddingsAsync(["car", longest + " car"], cancellationToken: Cancellation));

        Assert.Equal(400, refused.Status);
        Assert.Contains($"input[1] has {SynonymEncoder.MaxTokens + 1} tokens, more than the {SynonymEncoder.MaxTokens}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_UnknownModelOrNone_GetsANotFound()
    {
        await using var with = await TestServer.StartAsync(Config());
        await using var without = await TestServer.StartAsync(TestServer.Config(model));

        var unknown = await Assert.ThrowsAsync<ClientResultException>(() => with.OpenAi.GetEmbeddingClient("other").GenerateEmbeddingAsync("a", cancellationToken: Cancellation));
        var none = await Assert.ThrowsAsync<ClientResultException>(() => without.OpenAi.GetEmbeddingClient(Name).GenerateEmbeddingAsync("a", cancellationToken: Cancellation));

        Assert.Equal((404, 404), (unknown.Status, none.Status));
        Assert.Contains(Name, unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_WithAnEmbeddingModel_ListsBoth()
    {
        await using var server = await TestServer.StartAsync(Config());

        var listed = JsonNode.Parse(await server.Http.GetStringAsync("/v1/models", Cancellation))!["data"]!.AsArray();

        Assert.Equal([TestServer.ModelName, Name], listed.Select(each => (string)each!["id"]!));
        Assert.Equal(SynonymEncoder.Dimensions, (int)listed[1]!["leanserve"]!["dimensions"]!);
        Assert.Equal(SynonymEncoder.MaxTokens, (int)listed[1]!["leanserve"]!["max_input_tokens"]!);
    }

    public static TheoryData<string, string> Breakages => new()
    {
        { "missing model", "model.onnx" },
        { "truncated model", "model.onnx" },
        { "no encoder", "attention_bias" },
        { "missing config", "config.json" },
        { "other width", "rows of 16" },
        { "unigram tokenizer", "Unigram" },
        { "foreign tokenizer", "another model" },
        { "max pooling", "pooling_mode_max_tokens" },
        { "dense module", "sentence_transformers.models.Dense" },
        { "no room", "none are left" },
    };

    [Theory]
    [MemberData(nameof(Breakages))]
    public async Task Start_BrokenEmbeddingModel_SaysSoInOneLine(string breakage, string expected)
    {
        Break(breakage);
        await using var server = await TestServer.ListenAsync(Config());

        var exception = await Assert.ThrowsAsync<StartupException>(() => server.Host.Ready);

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    private void Break(string breakage)
    {
        var file = Path.Combine(encoder.Directory, "model.onnx");
        JsonNode Changed(string name, string member, JsonNode value)
        {
            var node = JsonNode.Parse(File.ReadAllText(Path.Combine(encoder.Directory, name)))!;
            node[member] = value;
            return node;
        }

        switch (breakage)
        {
            case "missing model":
                File.Delete(file);
                break;
            case "truncated model":
                File.WriteAllBytes(file, File.ReadAllBytes(file)[..200]);
                break;
            case "no encoder":
                File.Copy(Path.Combine(model.Directory, "model.onnx"), file, overwrite: true);
                break;
            case "missing config":
                File.Delete(Path.Combine(encoder.Directory, "config.json"));
                break;
            case "other width":
                encoder.Write("config.json", Changed("config.json", "hidden_size", 16));
                break;
            case "unigram tokenizer":
                encoder.Write("tokenizer.json", Changed("tokenizer.json", "model", new JsonObject { ["type"] = "Unigram" }));
                break;
            case "foreign tokenizer":
                encoder.Write("config.json", Changed("config.json", "vocab_size", 8));
                break;
            case "max pooling":
                encoder.Write("1_Pooling/config.json", new JsonObject { ["pooling_mode_max_tokens"] = true });
                break;
            case "dense module":
                encoder.Write("modules.json", new JsonArray(new JsonObject { ["type"] = "sentence_transformers.models.Dense" }));
                break;
            case "no room":
                encoder.Write("config.json", Changed("config.json", "max_position_embeddings", 2));
                break;
        }
    }
}
