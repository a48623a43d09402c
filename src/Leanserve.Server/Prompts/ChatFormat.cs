namespace Leanserve.Server.Prompts;

/// <summary>How a family of models writes conversations.</summary>
/// <remarks>
/// Published models carry Jinja templates. They are recognised by their special tokens rather than executed: the families differ in markup only, and
/// markup apart from content is what keeps users from forging a turn and what gives the document cache its exact token boundary.
/// </remarks>
public sealed record ChatFormat
{
    public required string Name { get; init; }

    /// <summary>Null where the family has no system turn: its text then opens the first user turn.</summary>
    public RoleMarkup? System { get; init; }

    public required RoleMarkup User { get; init; }

    public required RoleMarkup Assistant { get; init; }

    /// <summary>Whether white space around a message is dropped.</summary>
    public bool TrimsContent { get; init; }

    /// <summary>What the model continues from.</summary>
    public string GenerationPrompt => Assistant.Opening;
}
