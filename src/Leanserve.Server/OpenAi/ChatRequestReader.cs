using System.Text;
using System.Text.Json;

namespace Leanserve.Server.OpenAi;

/// <summary>Reads <see cref="ChatRequest"/>.</summary>
internal sealed class ChatRequestReader(RequestLimits limits)
{
    public ChatRequest Read(JsonElement body, List<RequestViolation> violations)
    {
        var fields = new JsonFields(body, "", violations);
        var parameters = new GenerationParametersReader(fields, limits).Read(TopLogProbabilities(fields));
        return new ChatRequest(parameters, Messages(fields));
    }

    private static int? TopLogProbabilities(JsonFields fields)
    {
        var reports = fields.Boolean("logprobs") ?? false;
        var top = fields.Integer("top_logprobs", 0, RequestLimits.MaxTopLogProbabilities);
        if (top > 0 && !reports)
        {
            fields.Add("top_logprobs", "goes with \"logprobs\": true only; add it");
        }

        return reports ? top ?? 0 : null;
    }

    private static List<ChatMessage> Messages(JsonFields fields)
    {
        var messages = new List<ChatMessage>();
        if (fields.Element("messages") is not { } value)
        {
            fields.Add("messages", "is missing; send at least one message");
            return messages;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return fields.Violate<List<ChatMessage>>("messages", value, "it must be an array of messages") ?? messages;
        }

        if (value.GetArrayLength() is 0 or > RequestLimits.MaxMessages)
        {
            fields.Add("messages", $"has {value.GetArrayLength()} items; from 1 to {RequestLimits.MaxMessages} are allowed");
            return messages;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var name = $"messages[{index++}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                fields.Violate<object>(name, item, "it must be an object with role and content");
                continue;
            }

            messages.Add(Message(fields.Child(item, name)));
        }

        return messages;
    }

    private static ChatMessage Message(JsonFields fields)
    {
        var role = fields.String("role") switch
        {
            "system" or "developer" => ChatRole.System,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            _ => (ChatRole?)null,
        };
        if (role is null)
        {
            fields.Add("role", "must be system, developer, user or assistant");
        }

        return new ChatMessage(role ?? ChatRole.User, Content(fields));
    }

    private static string Content(JsonFields fields)
    {
        if (fields.Element("content") is not { } content)
        {
            fields.Add("content", "is missing; send a string or an array of text parts");
            return "";
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return fields.Text(content, "content") ?? "";
        }

        var text = new StringBuilder();
        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            var name = $"content[{index++}]";
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("type", out var type)
                || type.ValueKind != JsonValueKind.String || !type.ValueEquals("text"))
            {
                fields.Add(name, "must be a part of type \"text\"; this model reads nothing else");
                continue;
            }

            text.Append(fields.Child(part, name).String("text"));
        }

        return text.ToString();
    }
}
