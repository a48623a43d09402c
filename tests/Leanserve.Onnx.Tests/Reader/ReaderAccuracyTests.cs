using Leanserve.Contracts;
using Leanserve.Onnx.Reader;

namespace Leanserve.Onnx.Tests.Reader;

public sealed class ReaderAccuracyTests
{
    private const int FactsPerDocument = 20;

    [Fact]
    public async Task Reader_ThousandQuestionsWithDocuments_AnswersAtLeast95Percent()
    {
        await using var session = new ReaderSession(WeightPrecision.Float32);
        int right = await CountRightAsync(session, worlds: 50, withDocuments: true);
        Assert.True(right >= 950, $"{right} of 1000 answers were right.");
    }

    [Fact]
    public async Task Reader_ThousandQuestionsWithoutDocuments_RefusesAtLeast95Percent()
    {
        await using var session = new ReaderSession(WeightPrecision.Float32);
        int refused = await CountRightAsync(session, worlds: 50, withDocuments: false);
        Assert.True(refused >= 950, $"{refused} of 1000 answers were refusals.");
    }

    [Fact]
    public async Task Reader_FourBits_AnswersAtLeast95Percent()
    {
        await using var session = new ReaderSession(WeightPrecision.Int4);
        int right = await CountRightAsync(session, worlds: 10, withDocuments: true);
        Assert.True(right >= 190, $"{right} of 200 answers were right.");
    }

    private static async Task<int> CountRightAsync(ReaderSession session, int worlds, bool withDocuments)
    {
        int right = 0;
        for (int seed = 0; seed < worlds; seed++)
        {
            var world = new FactWorld(seed, FactsPerDocument);
            foreach ((string question, string answer) in world.Facts)
            {
                string said = await session.AskAsync(withDocuments ? world.Document : "", question);
                right += said == (withDocuments ? answer : ReaderModel.Refusal) ? 1 : 0;
            }
        }

        return right;
    }
}
