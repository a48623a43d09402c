using System.Text.Json;

namespace Leanserve.Server.OpenAi;

/// <summary>Members of OpenAI's API that would change the answer and that this server cannot honour: refused rather than ignored.</summary>
internal static class UnsupportedMembers
{
    private static readonly string[] Refused =
        ["tools", "functions", "function_call", "audio", "modalities", "web_search_options", "suffix", "prediction"];

    public static void Check(JsonFields fields)
    {
        foreach (var name in Refused)
        {
            if (fields.Element(name) is { } value && !IsEmpty(value) && !IsTextOnly(name, value))
            {
                fields.Add(name, "is not supported here; leave it out");
            }
        }

        if (fields.Boolean("echo") == true)
        {
            fields.Add("echo", "is not supported here; leave it out");
        }

        if (fields.Integer("best_of", 1, RequestLimits.MaxChoices) is { } best && best != (fields.Integer("n", 1, RequestLimits.MaxChoices) ?? 1))
        {
            fields.Add("best_of", "other than n is not supported here; \"use_beam_search\": true finds the best answer");
        }
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.String => value.ValueEquals(""),
        _ => false,
    };

    private static bool IsTextOnly(string name, JsonElement value) => name == "modalities" && value.ValueKind == JsonValueKind.Array
        && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && item.ValueEquals("text"));
}
