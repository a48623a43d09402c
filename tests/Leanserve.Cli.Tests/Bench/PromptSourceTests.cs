using Leanserve.Cli.Bench;

namespace Leanserve.Cli.Tests.Bench;

public sealed class PromptSourceTests
{
    [Fact]
    public void Prompt_Random_DiffersByRequestAndRepeatsBySeed()
    {
        var prompts = Enumerable.Range(0, 20).Select(PromptSource.Random(30, seed: 4).Prompt).ToList();

        Assert.Equal(20, prompts.Distinct().Count());
        Assert.Equal(prompts, Enumerable.Range(0, 20).Select(PromptSource.Random(30, seed: 4).Prompt));
        Assert.All(prompts, prompt => Assert.Equal(30, prompt.Split(' ').Length));
    }

    [Fact]
    public void Prompt_Given_StartsAgainAfterTheLast() =>
        Assert.Equal(["a", "b", "a"], Enumerable.Range(0, 3).Select(PromptSource.Of(["a", "b"]).Prompt));
}
