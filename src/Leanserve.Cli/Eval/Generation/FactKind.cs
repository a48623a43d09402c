using System.Globalization;

namespace Leanserve.Cli.Eval.Generation;

/// <summary>A kind of fact: how it is asked for, and what follows those words in the document.</summary>
/// <param name="Topic">The document that states it.</param>
/// <param name="Ask">The question about a name.</param>
/// <param name="Answer">A made-up answer.</param>
internal sealed record FactKind(string Topic, Func<Random, string, string> Ask, Func<Random, string> Answer)
{
    private static readonly string[] Syllables =
        ["ka", "ro", "min", "tel", "vos", "dra", "lu", "pex", "qui", "sho", "bern", "zy", "fal", "gom", "hir", "jun", "nam", "or", "sib", "wet"];

    private static readonly string[] Streets = ["Mill Road", "Harbour Lane", "Church Street", "Birch Alley", "North Square"];
    private static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
    private static readonly string[] Floors = ["first", "second", "third", "top"];

    /// <summary>Statements and questions with their answers, as handbooks hold them.</summary>
    public static IReadOnlyList<FactKind> All { get; } =
    [
        new("people", (_, name) => $"{name} works in", random => $"room {Number(random, 1, 999)} on the {Pick(random, Floors)} floor."),
        new("people", (_, name) => $"Where does {name} live?", random => $"At {Number(random, 1, 99)} {Pick(random, Streets)}."),
        new("shops", (_, name) => $"The shop of {name} closes at", random => $"{Time(random)} on {Pick(random, Days)}."),
        new("shops", (_, name) => $"When does the shop of {name} open?", random => $"At {Time(random)} every {Pick(random, Days)}."),
        new("prices", (_, name) => $"A ticket to {name} costs", random => $"{Price(random)} euros!"),
        new("prices", (_, name) => $"What does a night at {name} cost?", random => $"{Price(random)} euros with breakfast."),
        new("keys", (_, name) => $"The key of {name} is kept by", random => $"{Person(random, "Mrs.")}."),
        new("keys", (_, name) => $"Who repairs the roof of {name}?", random => $"{Person(random, "Mr.")} from {Pick(random, Streets)}."),
        new("meetings", (random, name) => $"Every {Pick(random, Days)} {name} meets", random => $"{Name(random)} and {Name(random)} in the garden."),
    ];

    /// <summary>A made-up name, seldom the same twice.</summary>
    public static string Name(Random random)
    {
        var name = string.Concat(Enumerable.Range(0, random.Next(2, 4)).Select(_ => Pick(random, Syllables)));
        return char.ToUpperInvariant(name[0]) + name[1..];
    }

    public static string Person(Random random, string title) => $"{title} {Name(random)}";

    private static string Price(Random random) => $"{Number(random, 1, 999)}.{Number(random, 10, 99)}";

    private static string Time(Random random) => $"{Number(random, 1, 12)}.{Number(random, 10, 59)}";

    private static string Number(Random random, int from, int to) => random.Next(from, to).ToString(CultureInfo.InvariantCulture);

    private static T Pick<T>(Random random, T[] choices) => choices[random.Next(choices.Length)];
}
