using System.Text.Json;

namespace Leanserve.Server.OpenAi;

/// <summary>Reads <see cref="CompletionRequest"/>.</summary>
internal sealed class CompletionRequestReader(RequestLimits limits)
{
    public CompletionRequest Read(JsonElement body, List<RequestViolation> violations)
    {
        var fields = new JsonFields(body, "", violations);
        var top = fields.Integer("logprobs", 0, RequestLimits.MaxTopLogProbabilities);
        var parameters = new GenerationParametersReader(fields, limits).Read(top);
        var (text, tokens) = Prompt(fields);
        return new CompletionRequest(parameters, text, tokens);
    }

    private (string? Text, IReadOnlyList<int>? Tokens) Prompt(JsonFields fields)
    {
        if (fields.Element("prompt") is not { } prompt)
        {
            fields.Add("prompt", "is missing; send a string or an array of token ids");
            return default;
        }

        // Clients that always send a batch send a batch of one.
        if (prompt.ValueKind == JsonValueKind.Array && prompt.GetArrayLength() == 1
            && prompt[0].ValueKind is JsonValueKind.String or JsonValueKind.Array)
        {
            prompt = prompt[0];
        }

        if (prompt.ValueKind == JsonValueKind.String)
        {
            return (fields.Text(prompt, "prompt"), null);
        }

        if (prompt.ValueKind != JsonValueKind.Array)
        {
            return fields.Violate<(string?, IReadOnlyList<int>?)>("prompt", prompt, "it must be a string or an array of token ids");
        }

        return (null, Tokens(prompt, fields));
    }

    private List<int> Tokens(JsonElement prompt, JsonFields fields)
    {
        var tokens = new List<int>(prompt.GetArrayLength());
        foreach (var item in prompt.EnumerateArray())
        {
            if (item.ValueKind is JsonValueKind.String or JsonValueKind.Array)
            {
                fields.Add("prompt", "holds several prompts; send one request for each, they run side by side");
                return tokens;
            }

            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out var token) || token < 0 || token >= limits.VocabularySize)
            {
                fields.Violate<object>("prompt", item, $"token ids are whole numbers from 0 to {limits.VocabularySize - 1}");
                return tokens;
            }

            tokens.Add(token);
        }

        if (tokens.Count == 0)
        {
            fields.Add("prompt", "is an empty array; send at least one token");
        }

        return tokens;
    }
}
