namespace Leanserve.Server.Prompts;

/// <summary>What a chat format writes around one turn.</summary>
public sealed record RoleMarkup(string Opening, string Closing);
