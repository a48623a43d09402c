namespace Leanserve.Contracts;

/// <summary>
/// What stands around documents in a prompt. The runtime writes it and the planner counts it: the two cannot drift apart.
/// </summary>
public static class KnowledgeFraming
{
    /// <summary>What the model is told before the first document.</summary>
    public const string Instruction =
        "Answer from the documents below where they hold the answer, and name the document. Say so where they do not hold it.";

    /// <summary>Characters of one token. A judgement: English prose in common vocabularies takes 3.5 to 4.5.</summary>
    public const double CharactersPerToken = 4;

    /// <summary>Characters of a passage's name, such as <c>[1] wiki/ovens.md (Ovens and machines)</c>. A judgement.</summary>
    public const int NameCharacters = 40;

    /// <summary>The line above a document or passage.</summary>
    public static string Header(string name) => $"\n\n--- {name} ---\n";

    /// <summary>Tokens of the instruction. It opens every prompt, so that the engine computes it once and keeps it.</summary>
    public static int InstructionTokens { get; } = InTokens(Instruction.Length);

    /// <summary>Tokens of the headers of so many passages.</summary>
    public static int HeaderTokens(int passages)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(passages);
        return InTokens(passages * (Header("").Length + NameCharacters));
    }

    private static int InTokens(int characters) => (int)Math.Ceiling(characters / CharactersPerToken);
}
