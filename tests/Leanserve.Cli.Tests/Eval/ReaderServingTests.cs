using Leanserve.Cli.Eval.Generation;
using Leanserve.Cli.Eval.Questions;
using Leanserve.Cli.Eval.Scoring;
using Leanserve.Contracts;
using Leanserve.Onnx.Reader;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Cli.Tests.Eval;

/// <summary>The constructed reader behind the real server: its right answers are known, so every loss is the engine's or the retrieval's.</summary>
public sealed class ReaderServingTests : IDisposable
{
    private const int Worlds = 20;
    private const int FactsPerWorld = 50;
    private const int Enough = 950;

    private readonly string model = Directory.CreateTempSubdirectory("reader-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(model, recursive: true);

    [Theory]
    [InlineData(WeightPrecision.Float32)]
    [InlineData(WeightPrecision.Int4)]
    public async Task Reader_ThousandQuestions_AnswersAlikeUnderDenseAndCagAndLosesUnderRagWhatRetrievalMisses(WeightPrecision precision)
    {
        ReaderModel.Write(model, precision);
        var dense = await AskAllAsync(KnowledgeMode.Dense);
        var cag = await AskAllAsync(KnowledgeMode.Cag);
        var rag = await AskAllAsync(KnowledgeMode.Rag);

        Assert.Equal(Worlds * FactsPerWorld, cag.Count);
        Assert.Equal(dense.Select(said => said.Text), cag.Select(said => said.Text));
        Assert.True(cag.Count(said => said.IsRight) >= Enough, $"{cag.Count(said => said.IsRight)} of 1000 answers were right.");
        var found = rag.Where(said => said.Found).ToList();
        Assert.True(found.Count(said => said.IsRight) >= 0.95 * found.Count, $"{found.Count(said => said.IsRight)} of {found.Count} answers were right where the passage was found.");
        Assert.InRange(found.Count, 500, 1000);
        Assert.DoesNotContain(rag, said => !said.Found && said.IsRight);
    }

    [Theory]
    [InlineData(WeightPrecision.Float32)]
    [InlineData(WeightPrecision.Int4)]
    public async Task Reader_ThousandQuestionsWithoutDocuments_SaysThatItDoesNotKnow(WeightPrecision precision)
    {
        ReaderModel.Write(model, precision);

        var said = await AskAllAsync(KnowledgeMode.Dense, withDocuments: false);

        int refused = said.Count(answer => answer.Text == ReaderModel.Refusal);
        Assert.True(refused >= Enough, $"{refused} of {said.Count} answers were refusals.");
    }

    private async Task<List<Said>> AskAllAsync(KnowledgeMode mode, bool withDocuments = true)
    {
        var answers = new List<Said>();
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = new FactWorld(seed, FactsPerWorld);
            using var files = new WorldFiles(withDocuments ? world.Documents : []);
            await using var server = await TestServer.StartAsync(new RuntimeConfig
            {
                ModelName = TestServer.ModelName,
                ModelDirectory = model,
                Port = 0,
                Knowledge = files.Config(mode),
                Decoding = new DecodingConfig { Mode = DecodingMode.Sampling },
                Limits = new EngineLimits { KvSlots = 16384, MaxConcurrentRequests = 16, MaxOutputTokens = 64 },
            });
            answers.AddRange(await AskAsync(server, world.Questions));
        }

        return answers;
    }

    private static async Task<Said[]> AskAsync(TestServer server, IReadOnlyList<EvalQuestion> questions)
    {
        var answers = new Said[questions.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation };
        await Parallel.ForAsync(0, questions.Count, parallel, async (index, token) =>
        {
            var body = new { model = TestServer.ModelName, messages = new[] { new { role = "user", content = questions[index].Question } }, temperature = 0, max_tokens = 64 };
            var answer = await server.PostAsync("/v1/chat/completions", body, token);
            var text = (string)answer["choices"]![0]!["message"]!["content"]!;
            var passages = answer["leanserve"]!["retrieved"]!.AsArray().Select(passage => (string)passage!["text"]!);
            answers[index] = new Said(
                text, text == questions[index].Answers[0], passages.Any(passage => AnswerScore.Holds(passage, questions[index].Evidence!)));
        });
        return answers;
    }

    private sealed record Said(string Text, bool IsRight, bool Found);
}
