namespace Leanserve.Server.Prompts;

/// <summary>The families of chat templates that this server speaks.</summary>
public static class ChatFormats
{
    public static ChatFormat ChatMl { get; } = SameForAllRoles("ChatML", role => $"<|im_start|>{role}\n", "<|im_end|>\n");

    public static ChatFormat Phi4 { get; } = SameForAllRoles("Phi-4", role => $"<|im_start|>{role}<|im_sep|>", "<|im_end|>");

    public static ChatFormat Phi4Mini { get; } = SameForAllRoles("Phi-4-mini", role => $"<|{role}|>", "<|end|>");

    public static ChatFormat Phi3 { get; } = SameForAllRoles("Phi-3", role => $"<|{role}|>\n", "<|end|>\n");

    public static ChatFormat Llama3 { get; } =
        SameForAllRoles("Llama 3", role => $"<|start_header_id|>{role}<|end_header_id|>\n\n", "<|eot_id|>") with { TrimsContent = true };

    public static ChatFormat Zephyr { get; } = SameForAllRoles("Zephyr", role => $"<|{role}|>\n", "</s>\n");

    public static ChatFormat Mistral { get; } = new()
    {
        Name = "Mistral",
        User = new RoleMarkup("[INST] ", " [/INST]"),
        Assistant = new RoleMarkup("", "</s>"),
    };

    public static ChatFormat Gemma { get; } = new()
    {
        Name = "Gemma",
        TrimsContent = true,
        User = new RoleMarkup("<start_of_turn>user\n", "<end_of_turn>\n"),
        Assistant = new RoleMarkup("<start_of_turn>model\n", "<end_of_turn>\n"),
    };

    /// <summary>The names, for messages.</summary>
    public static string Supported { get; } = string.Join(
        ", ", new[] { ChatMl, Llama3, Phi3, Phi4, Phi4Mini, Mistral, Zephyr, Gemma }.Select(format => format.Name));

    /// <summary>The family that a Jinja template belongs to, or null for one that is not known.</summary>
    public static ChatFormat? Recognize(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        bool Has(string marker) => template.Contains(marker, StringComparison.Ordinal);
        return template switch
        {
            _ when Has("<|im_sep|>") => Phi4,
            _ when Has("<|im_start|>") => ChatMl,
            _ when Has("<|start_header_id|>") => Llama3,
            _ when Has("<start_of_turn>") => Gemma,
            _ when Has("[INST]") => Mistral,
            // Phi-3 writes a line break after <|end|>, Phi-4-mini does not; in a Jinja string it is spelt \n.
            _ when Has("<|end|>") => Has("<|end|>\\n") || Has("<|end|>\n") ? Phi3 : Phi4Mini,
            _ when Has("<|user|>") => Zephyr,
            _ => null,
        };
    }

    private static ChatFormat SameForAllRoles(string name, Func<string, string> opening, string closing) => new()
    {
        Name = name,
        System = new RoleMarkup(opening("system"), closing),
        User = new RoleMarkup(opening("user"), closing),
        Assistant = new RoleMarkup(opening("assistant"), closing),
    };
}
