using System.ClientModel;
using System.Text;
using Leanserve.Server.Tests.Support;
using OpenAI.Chat;

namespace Leanserve.Server.Tests;

/// <summary>What OpenAI's .NET client offers by its types, on a real server; <see cref="ResponseFormatTests"/> has its JSON schemas.</summary>
public sealed class OpenAiClientTests(TinyModel model) : IAsyncLifetime
{
    private static readonly ChatMessage[] Messages = [new SystemChatMessage("Be brief."), new UserChatMessage("How long may goods be returned?")];

    private TestServer server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync(TestServer.Config(model));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static ChatCompletionOptions Options(long seed, int maxTokens = 40) =>
#pragma warning disable OPENAI001 // Seed is marked experimental in the SDK only.
        new() { MaxOutputTokenCount = maxTokens, Seed = seed };
#pragma warning restore OPENAI001

    /// <summary>The best tokens always, of an answer that does not end by itself.</summary>
    private ChatCompletionOptions Greedy(int maxTokens, params (char Letter, int Bias)[] biases)
    {
        var options = Options(1, maxTokens);
        options.Temperature = 0;
        model.Tokenizer.EndTokens.ToList().ForEach(token => options.LogitBiases[token] = -100);
        foreach (var (letter, bias) in biases)
        {
            options.LogitBiases[model.Tokenizer.Encode($"{letter}")[0]] = bias;
        }

        return options;
    }

    private async Task<string> AskAsync(ChatCompletionOptions options, params ChatMessage[] messages)
    {
        ChatCompletion answer = await server.Chat.CompleteChatAsync(messages.Length == 0 ? Messages : messages, options, Cancellation);
        return answer.Content.Count == 0 ? "" : answer.Content[0].Text;
    }

    [Fact]
    public async Task Chat_Message_IsAnsweredWithUsage()
    {
        ChatCompletion answer = await server.Chat.CompleteChatAsync(Messages, Options(1), Cancellation);

        Assert.Equal(ChatMessageRole.Assistant, answer.Role);
        Assert.NotEmpty(answer.Content[0].Text);
        Assert.Equal(TestServer.ModelName, answer.Model);
        Assert.True(answer.Usage.InputTokenCount > 30);
        Assert.InRange(answer.Usage.OutputTokenCount, 1, 40);
        Assert.Equal(answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task Chat_SamePromptAgain_ReportsCachedTokens()
    {
        await server.Chat.CompleteChatAsync(Messages, Options(1), Cancellation);

        ChatCompletion again = await server.Chat.CompleteChatAsync(Messages, Options(1), Cancellation);

        Assert.InRange(again.Usage.InputTokenDetails.CachedTokenCount, again.Usage.InputTokenCount / 2, again.Usage.InputTokenCount);
    }

    [Fact]
    public async Task Chat_SystemMessage_ReachesTheModel()
    {
        var options = Greedy(maxTokens: 40);

        Assert.NotEqual(await AskAsync(options, Messages), await AskAsync(options, Messages[1]));
    }

    [Fact]
    public async Task Chat_Conversation_IsReadWhole()
    {
        ChatMessage[] longer = [.. Messages, new AssistantChatMessage("30 days."), new UserChatMessage("And devices?")];
        ChatCompletion first = await server.Chat.CompleteChatAsync(Messages, Options(1, 1), Cancellation);
        ChatCompletion second = await server.Chat.CompleteChatAsync(longer, Options(1, 1), Cancellation);

        Assert.True(second.Usage.InputTokenCount >= first.Usage.InputTokenCount + "30 days.And devices?".Length);
        Assert.True(second.Usage.InputTokenDetails.CachedTokenCount > first.Usage.InputTokenCount / 2);
    }

    [Fact]
    public async Task Chat_Streamed_EndsWithReasonAndUsage()
    {
        ChatCompletion whole = await server.Chat.CompleteChatAsync(Messages, Options(4), Cancellation);
        var updates = new List<StreamingChatCompletionUpdate>();
        await foreach (var update in server.Chat.CompleteChatStreamingAsync(Messages, Options(4), Cancellation))
        {
            updates.Add(update);
        }

        Assert.Equal(whole.Content[0].Text, string.Concat(updates.SelectMany(update => update.ContentUpdate).Select(part => part.Text)));
        Assert.Equal(ChatMessageRole.Assistant, updates[0].Role);
        Assert.Equal(whole.FinishReason, Assert.Single(updates, update => update.FinishReason is not null).FinishReason);
        Assert.Equal(whole.Usage.OutputTokenCount, Assert.Single(updates, update => update.Usage is not null).Usage.OutputTokenCount);
    }

    [Fact]
    public async Task Chat_MaxTokens_CutsTheAnswer()
    {
        ChatCompletion answer = await server.Chat.CompleteChatAsync(Messages, Greedy(maxTokens: 7), Cancellation);

        Assert.Equal(7, answer.Usage.OutputTokenCount);
        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
    }

    [Fact]
    public async Task Chat_Seed_RepeatsTheAnswer()
    {
        var first = await AskAsync(Options(21));

        Assert.Equal(first, await AskAsync(Options(21)));
        Assert.NotEqual(first, await AskAsync(Options(22)));
    }

    [Fact]
    public async Task Chat_TemperatureZeroAndTinyTopP_BothTakeTheBestTokens()
    {
        var greedy = Greedy(maxTokens: 40);
        var nucleus = Greedy(maxTokens: 40);
        (nucleus.Temperature, nucleus.TopP) = (1, 0.00001f);
        var hot = Greedy(maxTokens: 40);
        hot.Temperature = 2;

        var best = await AskAsync(greedy);

        Assert.Equal(best, await AskAsync(nucleus));
        Assert.NotEqual(best, await AskAsync(hot));
    }

    [Fact]
    public async Task Chat_LogitBias_RulesTheChoice()
    {
        Assert.Equal("zzzzzzzz", await AskAsync(Greedy(8, ('z', 100))));
        Assert.DoesNotContain('z', await AskAsync(Greedy(40, ('z', -100))));
    }

    // The bias sets a and b out of reach of all other tokens, and a so little before b that a penalty of 2 turns the order.
    [Fact]
    public async Task Chat_FrequencyAndPresencePenalty_PushRepeatedLettersDown()
    {
        var plain = Greedy(12, ('a', 96), ('b', 100));
        var presence = Greedy(12, ('a', 96), ('b', 100));
        presence.PresencePenalty = 2;
        var frequency = Greedy(12, ('a', 96), ('b', 100));
        frequency.FrequencyPenalty = 2;

        Assert.Equal("aaaaaaaaaaaa", await AskAsync(plain));
        Assert.Matches("^a+b[ab]*$", await AskAsync(presence));
        Assert.Matches("^a+b+a+b[ab]*$", await AskAsync(frequency));
    }

    [Fact]
    public async Task Chat_StopString_EndsTheAnswerBeforeIt()
    {
        var text = await AskAsync(Options(11));
        var stop = text.Substring(text.Length / 2, 2);
        var options = Options(11);
        options.StopSequences.Add(stop);

        ChatCompletion stopped = await server.Chat.CompleteChatAsync(Messages, options, Cancellation);

        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], stopped.Content.Count == 0 ? "" : stopped.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, stopped.FinishReason);
    }

    [Fact]
    public async Task Chat_LogProbabilities_BelongToTheTokensOfTheText()
    {
        var options = Options(3, maxTokens: 12);
        (options.IncludeLogProbabilities, options.TopLogProbabilityCount, options.Temperature) = (true, 4, 0);

        ChatCompletion answer = await server.Chat.CompleteChatAsync(Messages, options, Cancellation);

        Assert.NotEmpty(answer.ContentTokenLogProbabilities);
        Assert.All(answer.ContentTokenLogProbabilities, token =>
        {
            Assert.True(token.LogProbability <= 0);
            Assert.Equal(4, token.TopLogProbabilities.Count);
            Assert.Equal(token.LogProbability, token.TopLogProbabilities.Max(top => top.LogProbability), 5);
        });
        var bytes = answer.ContentTokenLogProbabilities.SelectMany(token => token.Utf8Bytes!.Value.ToArray()).ToArray();
        Assert.Equal(answer.Content[0].Text, Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public async Task Models_ListAndGet_TellTheServedOne()
    {
        var client = server.OpenAi.GetOpenAIModelClient();

        Assert.Equal([TestServer.ModelName], (await client.GetModelsAsync(Cancellation)).Value.Select(item => item.Id));
        Assert.Equal("leanserve", (await client.GetModelAsync(TestServer.ModelName, Cancellation)).Value.OwnedBy);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => client.GetModelAsync("gpt-4", Cancellation))).Status);
    }

    [Fact]
    public async Task Chat_UnknownModel_IsRefusedWithTheServedName()
    {
        var refused = await Assert.ThrowsAsync<ClientResultException>(
            () => server.OpenAi.GetChatClient("gpt-4").CompleteChatAsync(Messages, Options(1), Cancellation));

        Assert.Equal(404, refused.Status);
        Assert.Contains("The model 'gpt-4' is not served here; ask for 'handbook'.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_SeveralViolations_AreAllInTheException()
    {
        var options = Options(1, maxTokens: 0);
        (options.Temperature, options.TopP, options.FrequencyPenalty) = (-1, 7, 3);

        var refused = await Assert.ThrowsAsync<ClientResultException>(() => server.Chat.CompleteChatAsync(Messages, options, Cancellation));

        Assert.Equal(400, refused.Status);
        Assert.All(
            ["temperature is -1", "top_p is 7", "frequency_penalty is 3", "max_completion_tokens is 0"],
            violation => Assert.Contains(violation, refused.Message, StringComparison.Ordinal));
    }
}
