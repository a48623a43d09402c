using System.Text.Json;

namespace Leanserve.Server.OpenAi;

/// <summary>Reads the extension member <c>knowledge</c>: a name or a list of names of knowledge sources.</summary>
internal sealed class KnowledgeReader(JsonFields fields, IReadOnlyList<string> known)
{
    private const string Member = "knowledge";

    /// <summary>The names; null where the request leaves the choice to the deployment.</summary>
    public IReadOnlyList<string>? Read()
    {
        if (fields.Element(Member) is not { } value)
        {
            return null;
        }

        var items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : new[] { value };
        var names = new List<string>();
        foreach (var item in items)
        {
            if (fields.Text(item, Member) is not { } name)
            {
                break;
            }

            if (!known.Contains(name))
            {
                fields.Add(Member, known.Count == 0
                    ? "names documents, but none are served here; leave it out"
                    : $"names documents that are not served here; known are {string.Join(", ", known)}");
                break;
            }

            names.Add(name);
        }

        return names;
    }
}
