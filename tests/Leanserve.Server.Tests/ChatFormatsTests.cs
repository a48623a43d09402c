using Leanserve.Server.OpenAi;
using Leanserve.Server.Prompts;
using Leanserve.Server.Tests.Support;

namespace Leanserve.Server.Tests;

public sealed class ChatFormatsTests(TinyModel model)
{
    private static readonly ChatMessage[] Conversation =
    [
        new(ChatRole.System, "S"), new(ChatRole.User, " a "), new(ChatRole.Assistant, "b"), new(ChatRole.User, "c"),
    ];

    [Theory]
    [InlineData("{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>'}}", "ChatML")]
    [InlineData("{{'<|im_start|>user<|im_sep|>' + message['content'] + '<|im_end|>'}}", "Phi-4")]
    [InlineData("{{'<|' + message['role'] + '|>' + message['content'] + '<|end|>'}}", "Phi-4-mini")]
    [InlineData("{{'<|user|>\\n' + message['content'] + '<|end|>\\n'}}", "Phi-3")]
    [InlineData("{{'<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'}}", "Llama 3")]
    [InlineData("{{'<|user|>\\n' + message['content'] + eos_token}}", "Zephyr")]
    [InlineData("{{'[INST] ' + message['content'] + ' [/INST]'}}", "Mistral")]
    [InlineData("{{'<start_of_turn>' + role + '\\n'}}", "Gemma")]
    public void Recognize_TemplateOfAFamily_NamesIt(string template, string family) => Assert.Equal(family, ChatFormats.Recognize(template)?.Name);

    [Fact]
    public void Recognize_AnotherTemplate_IsNone() => Assert.Null(ChatFormats.Recognize("{{ messages }}"));

    [Fact]
    public void Chat_ChatMl_WritesTheConversationAsTheTemplateDoes() => Assert.Equal(
        "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\n a <|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\n",
        Write(ChatFormats.ChatMl, ""));

    [Fact]
    public void Chat_Mistral_PutsTheSystemTextIntoTheFirstUserTurn() =>
        Assert.Equal("[INST] S\n\n a  [/INST]b</s>[INST] c [/INST]", Write(ChatFormats.Mistral, ""));

    [Fact]
    public void Chat_Gemma_PutsKnowledgeBeforeTheTrimmedConversation() => Assert.Equal(
        "<start_of_turn>user\nK\n\nS\n\na<end_of_turn>\n<start_of_turn>model\nb<end_of_turn>\n<start_of_turn>user\nc<end_of_turn>\n<start_of_turn>model\n",
        Write(ChatFormats.Gemma, "K"));

    [Fact]
    public void Chat_AnyFormatWithKnowledge_StartsWithTheOpeningTokenForToken()
    {
        foreach (var format in new[] { ChatFormats.ChatMl, ChatFormats.Llama3, ChatFormats.Mistral, ChatFormats.Gemma, ChatFormats.Phi4 })
        {
            var prompts = new PromptBuilder(model.Tokenizer, format);
            var opening = prompts.Opening("The documents.");

            Assert.Equal(opening, prompts.Chat(opening, true, Conversation).Take(opening.Count));
            Assert.Equal(opening, prompts.Plain(opening, true, model.Tokenizer.Encode("x")).Take(opening.Count));
        }
    }

    // The tokenizer is of Llama 3's family, so the other families' markup is plain text to it and can be read back.
    private string Write(ChatFormat format, string knowledge)
    {
        var prompts = new PromptBuilder(model.Tokenizer, format);
        return model.Tokenizer.Decode(prompts.Chat(prompts.Opening(knowledge), knowledge.Length > 0, Conversation));
    }
}
