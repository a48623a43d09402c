namespace Leanserve.Server.OpenAi;

/// <summary>Who speaks.</summary>
public enum ChatRole
{
    /// <summary>Instructions; OpenAI's newer name <c>developer</c> is the same.</summary>
    System,
    User,
    Assistant,
}
