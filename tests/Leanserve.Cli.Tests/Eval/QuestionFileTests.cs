using Leanserve.Cli.Eval.Generation;
using Leanserve.Cli.Eval.Questions;

namespace Leanserve.Cli.Tests.Eval;

public sealed class QuestionFileTests
{
    [Fact]
    public void Read_BadLines_NamesEachWithItsNumberAndKeepsTheGoodOnes()
    {
        var file = QuestionFile.Read(
        [
            """{"question": "When?", "answers": ["At six."], "documents": ["It closes at six."]}""",
            "not json",
            """{"question": "Who?", "answers": []}""",
            "",
            """{"question": "Who?", "answers": "Priya", "documents": "nowhere"}""",
            """{"question": 7, "answers": [""]}""",
            "[1]",
        ]);

        var question = Assert.Single(file.Questions);
        Assert.Equal((1, "When?", "It closes at six."), (question.Line, question.Question, question.Documents[0].Text));
        Assert.Equal([2, 3, 5, 6, 6, 7], file.Violations.Select(violation => int.Parse(violation.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Contains("'nowhere'", file.Violations[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_GeneratedWorld_ReadsBackAsItWas()
    {
        var world = new FactWorld(seed: 3, facts: 12, Ambiguity.TwoVersions);

        var file = QuestionFile.Read(QuestionFile.Write([("set", world.Documents, world.Questions)]));

        Assert.Empty(file.Violations);
        Assert.Equal(world.Questions.Select(question => (question.Question, question.Answers[0], question.Evidence)), file.Questions.Select(question => (question.Question, question.Answers[0], question.Evidence)));
        Assert.All(file.Questions, question => Assert.Equal(world.Documents, question.Documents));
    }

    [Fact]
    public void World_EverySeed_StatesEachFactOnceAndAnswersIt()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var world = new FactWorld(seed, 60);
            var text = string.Concat(world.Documents.Select(document => document.Text));
            Assert.Equal(60, world.Questions.Select(question => question.Question).Distinct().Count());
            Assert.All(world.Questions, question => Assert.Equal(2, text.Split($"{question.Question} {question.Answers[0]}\n").Length));
        }
    }
}
