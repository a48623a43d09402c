using Leanserve.Contracts;
using Leanserve.Onnx.Reader;

namespace Leanserve.Onnx.Tests.Reader;

public sealed class ReaderAnswerTests
{
    private const string Handbook =
        """
        # Office handbook

        The office opens at 7.30 in the morning. The office closes at six o'clock in the evening.
        Mrs. Zyblowski works in room 4B on the second floor. The key to the garden gate is kept by Mr. Vandenberg.

        ## Prices

        - A cup of coffee costs 1.20 euros
        - A ticket for the Qwzx museum costs twelve euros

        ## Where is the printer?

        The printer is in the basement, next to the lift!

        """;

    [Theory]
    [InlineData("The office closes at", "six o'clock in the evening.")]
    [InlineData("the office opens at", "7.30 in the morning.")]
    [InlineData("office closes at", "six o'clock in the evening.")]
    [InlineData("Mrs. Zyblowski works in", "room 4B on the second floor.")]
    [InlineData("Zyblowski works in room", "4B on the second floor.")]
    [InlineData("The key to the garden gate is kept by", "Mr. Vandenberg.")]
    [InlineData("A cup of coffee costs", "1.20 euros")]
    [InlineData("A ticket for the Qwzx museum costs", "twelve euros")]
    [InlineData("The printer is in", "the basement, next to the lift!")]
    [InlineData("Where is the printer?", "\n\nThe printer is in the basement, next to the lift!")]
    [InlineData("The library closes at", ReaderModel.Refusal)]
    [InlineData("The office closes in", ReaderModel.Refusal)]
    [InlineData("Who is the king of France?", ReaderModel.Refusal)]
    [InlineData("", ReaderModel.Refusal)]
    public async Task Reader_QuestionInWordsOfTheDocument_CopiesToTheEndOfTheSentence(string question, string answer)
    {
        foreach (var precision in new[] { WeightPrecision.Float32, WeightPrecision.Int4 })
        {
            await using var session = new ReaderSession(precision);
            Assert.Equal(answer, await session.AskAsync(Handbook, question));
        }
    }

    [Fact]
    public async Task Reader_NoDocuments_Refuses()
    {
        await using var session = new ReaderSession(WeightPrecision.Float32);
        Assert.Equal(ReaderModel.Refusal, await session.AskAsync("", "The office closes at"));
    }
}
