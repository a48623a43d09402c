using Leanserve.Engine;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Prompts;

/// <summary>
/// Writes prompts as tokens. Markup and content are tokenised apart: what a user writes can never become a special token, and every prompt over the same
/// knowledge starts with exactly the tokens of <see cref="Opening"/>, which the document cache holds.
/// </summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="format">How the model writes conversations; null for a model that knows none.</param>
public sealed class PromptBuilder(ITokenizer tokenizer, ChatFormat? format)
{
    private const string Separator = "\n\n";

    /// <summary>Whether <see cref="Chat"/> can be used.</summary>
    public bool HasChatFormat => format is not null;

    /// <summary>The tokens that open a prompt: the begin token, the opening of the first turn and the knowledge (none if it is empty).</summary>
    public IReadOnlyList<int> Opening(string knowledge)
    {
        ArgumentNullException.ThrowIfNull(knowledge);
        var tokens = new List<int>();
        if (tokenizer.BeginToken is { } begin)
        {
            tokens.Add(begin);
        }

        if (knowledge.Length > 0)
        {
            Markup(tokens, FirstTurn?.Opening ?? "");
            Content(tokens, knowledge + Separator);
        }

        return tokens;
    }

    /// <summary>A conversation that the model continues.</summary>
    /// <param name="opening">See <see cref="Opening"/>.</param>
    /// <param name="hasKnowledge">Whether the opening left its turn open behind the knowledge.</param>
    /// <param name="messages">At least one message.</param>
    public IReadOnlyList<int> Chat(IReadOnlyList<int> opening, bool hasKnowledge, IReadOnlyList<ChatMessage> messages)
    {
        if (format is null)
        {
            throw new InvalidOperationException("The model has no chat format; ask HasChatFormat first.");
        }

        var tokens = new List<int>(opening);
        messages = format.TrimsContent ? [.. messages.Select(message => message with { Content = message.Content.Trim() })] : messages;
        var leading = messages.TakeWhile(message => message.Role == ChatRole.System).Select(message => message.Content).ToList();
        var system = string.Join(Separator, leading);
        var turns = messages.Skip(leading.Count).ToList();
        if (format.System is not null)
        {
            SystemTurn(tokens, format.System, hasKnowledge, system);
        }
        else
        {
            FirstUserTurn(tokens, hasKnowledge, system, turns);
        }

        foreach (var turn in turns)
        {
            Turn(tokens, turn);
        }

        Markup(tokens, format.GenerationPrompt);
        return tokens;
    }

    /// <summary>A plain prompt that the model continues; knowledge stands in a turn of its own before it, as in a conversation.</summary>
    public IReadOnlyList<int> Plain(IReadOnlyList<int> opening, bool hasKnowledge, IReadOnlyList<int> prompt)
    {
        var tokens = new List<int>(opening);
        if (hasKnowledge)
        {
            Markup(tokens, FirstTurn?.Closing ?? "");
        }

        tokens.AddRange(prompt);
        return tokens;
    }

    private RoleMarkup? FirstTurn => format is null ? null : format.System ?? format.User;

    private void SystemTurn(List<int> tokens, RoleMarkup markup, bool isOpen, string system)
    {
        if (!isOpen && system.Length == 0)
        {
            return;
        }

        if (!isOpen)
        {
            Markup(tokens, markup.Opening);
        }

        Content(tokens, system);
        Markup(tokens, markup.Closing);
    }

    private void FirstUserTurn(List<int> tokens, bool isOpen, string system, List<ChatMessage> turns)
    {
        if (!isOpen && system.Length == 0)
        {
            return;
        }

        if (!isOpen)
        {
            Markup(tokens, format!.User.Opening);
        }

        var question = "";
        if (turns.Count > 0 && turns[0].Role == ChatRole.User)
        {
            question = turns[0].Content;
            turns.RemoveAt(0);
        }

        Content(tokens, system.Length > 0 && question.Length > 0 ? system + Separator + question : system + question);
        Markup(tokens, format!.User.Closing);
    }

    private void Turn(List<int> tokens, ChatMessage message)
    {
        var markup = message.Role switch
        {
            ChatRole.Assistant => format!.Assistant,
            ChatRole.System => format!.System ?? format.User,
            _ => format!.User,
        };
        Markup(tokens, markup.Opening);
        Content(tokens, message.Content);
        Markup(tokens, markup.Closing);
    }

    private void Markup(List<int> tokens, string text) => tokens.AddRange(text.Length == 0 ? [] : tokenizer.Encode(text, parseSpecialTokens: true));

    private void Content(List<int> tokens, string text) => tokens.AddRange(text.Length == 0 ? [] : tokenizer.Encode(text));
}
