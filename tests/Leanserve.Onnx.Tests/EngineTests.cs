using Leanserve.Onnx.Tests.Support;

namespace Leanserve.Onnx.Tests;

public sealed class EngineTests
{
    [Fact]
    public async Task Engine_GreedyRequest_EqualsStepwiseArgmax()
    {
        foreach (var spec in TinyModel.FloatSpecs)
        {
            int[] prompt = [3, 1, 4, 1, 5, 9, 2, 6];
            await using var engine = TinyModel.Engine(spec, chunk: 3);
            var answer = await engine.AskAsync(Answers.Greedy(prompt, 20));
            Assert.Equal(LinearDecoder.Greedy(spec, prompt, 20), answer.Tokens());
            Assert.Equal(20, answer.Finished!.Usage.CompletionTokens);
        }
    }
}
