using Leanserve.Contracts;
using Leanserve.Engine.Knowledge;
using Leanserve.Server.Prompts;

namespace Leanserve.Server.Tests;

/// <summary>What the runtime writes around passages against what the planner counts.</summary>
public sealed class KnowledgeTextTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void OfPassages_WithNamesOfTheAssumedLength_AddsWhatThePlannerCounts(int count)
    {
        const string text = "When does the office close? At 19:00.";
        var source = new string('a', KnowledgeFraming.NameCharacters - "[1] ".Length);
        var passages = Enumerable.Range(0, count).Select(number => new ScoredPassage(new Passage(source, number, "", 0, text, 12), 1)).ToList();
        var added = KnowledgeText.OfPassages(passages).Length - (count * text.Length) - (count > 0 ? KnowledgeFraming.Instruction.Length : 0);
        Assert.Equal(Math.Ceiling(added / KnowledgeFraming.CharactersPerToken), KnowledgeFraming.HeaderTokens(count));
    }
}
