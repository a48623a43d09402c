using System.Globalization;

namespace Leanserve.Onnx.Tests.Reader;

/// <summary>A small world of facts in varied sentences, each the one answer to its question; names are made up by a seeded generator.</summary>
internal sealed class FactWorld
{
    private static readonly string[] Syllables = ["ka", "ro", "min", "tel", "vos", "dra", "lu", "pex", "qui", "sho", "bern", "zy"];
    private static readonly string[] Streets = ["Mill Road", "Harbour Lane", "Church Street", "Birch Alley", "North Square"];
    private static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];

    public FactWorld(int seed, int facts)
    {
        var random = new Random(seed);
        HashSet<string> names = [];
        List<(string, string)> stated = [];
        while (stated.Count < facts)
        {
            string name = Name(random);
            if (names.Add(name))
            {
                stated.Add(Fact(random, name));
            }
        }

        Facts = stated;
        Document = string.Join(' ', stated.Select(fact => $"{fact.Item1} {fact.Item2}")) + "\n\n";
    }

    /// <summary>The words that ask for each fact, and those that follow them.</summary>
    public IReadOnlyList<(string Question, string Answer)> Facts { get; }

    public string Document { get; }

    private static (string Question, string Answer) Fact(Random random, string name)
    {
        string number = random.Next(1, 999).ToString(CultureInfo.InvariantCulture);
        return random.Next(6) switch
        {
            0 => ($"{name} works in", $"room {number} on the second floor."),
            1 => ($"The shop of {name} closes at", $"{random.Next(1, 12)}.{random.Next(10, 59)} on {Days[random.Next(5)]}."),
            2 => ($"A ticket to {name} costs", $"{number}.{random.Next(10, 99)} euros!"),
            3 => ($"{name} lives at", $"{number} {Streets[random.Next(5)]}."),
            4 => ($"The key of {name} is kept by", $"Mrs. {Name(random)}."),
            _ => ($"Every {Days[random.Next(5)]} {name} meets", $"{Name(random)} and {Name(random)} in the garden."),
        };
    }

    private static string Name(Random random)
    {
        string name = string.Concat(Enumerable.Range(0, random.Next(2, 4)).Select(_ => Syllables[random.Next(Syllables.Length)]));
        return char.ToUpperInvariant(name[0]) + name[1..];
    }
}
