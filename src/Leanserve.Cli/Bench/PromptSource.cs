namespace Leanserve.Cli.Bench;

/// <summary>The prompts of a run: given ones in turn, or random words.</summary>
public sealed class PromptSource
{
    private static readonly string[] Words =
        ["time", "people", "way", "water", "day", "part", "sound", "work", "place", "year", "back", "thing", "name", "line", "right", "think", "form", "small", "end", "home", "hand", "large", "land", "here"];

    private readonly IReadOnlyList<string> given;
    private readonly int words;
    private readonly int seed;

    private PromptSource(IReadOnlyList<string> given, int words, int seed)
    {
        this.given = given;
        this.words = words;
        this.seed = seed;
    }

    /// <summary>The given prompts, from the first again after the last. At least one.</summary>
    public static PromptSource Of(IReadOnlyList<string> prompts)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentOutOfRangeException.ThrowIfZero(prompts.Count);
        return new PromptSource(prompts, 0, 0);
    }

    /// <summary>Random words, different for each request, so that no prompt is found in a cache.</summary>
    public static PromptSource Random(int words, int seed) => new([], words, seed);

    /// <summary>The prompt of a request by its number.</summary>
    public string Prompt(int request)
    {
        if (given.Count > 0)
        {
            return given[request % given.Count];
        }

        var random = new Random(unchecked((seed * 397) ^ request));
        return string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[random.Next(Words.Length)]));
    }
}
