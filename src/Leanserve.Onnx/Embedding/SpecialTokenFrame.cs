using System.Text.Json;

namespace Leanserve.Onnx.Embedding;

/// <summary>The tokens that an encoder wants before and after every text, as the post-processor of <c>tokenizer.json</c> states them.</summary>
internal sealed record SpecialTokenFrame(IReadOnlyList<int> Before, IReadOnlyList<int> After)
{
    public int Length => Before.Count + After.Count;

    /// <exception cref="InvalidOperationException">The post-processor is of a kind that is not supported.</exception>
    public static SpecialTokenFrame Read(JsonElement tokenizer)
    {
        if (!tokenizer.TryGetProperty("post_processor", out var processor) || processor.ValueKind != JsonValueKind.Object)
        {
            return new SpecialTokenFrame([], []);
        }

        return Of(processor);
    }

    private static SpecialTokenFrame Of(JsonElement processor) => processor.GetProperty("type").GetString() switch
    {
        "BertProcessing" or "RobertaProcessing" => new([processor.GetProperty("cls")[1].GetInt32()], [processor.GetProperty("sep")[1].GetInt32()]),
        "TemplateProcessing" => Template(processor),
        "ByteLevel" => new([], []),
        "Sequence" => processor.GetProperty("processors").EnumerateArray().Select(Of).MaxBy(frame => frame.Length)!,
        var unknown => throw new InvalidOperationException($"the post-processor {unknown} is not supported; use TemplateProcessing, BertProcessing or RobertaProcessing"),
    };

    private static SpecialTokenFrame Template(JsonElement processor)
    {
        var (before, after, seen) = (new List<int>(), new List<int>(), false);
        foreach (var item in processor.GetProperty("single").EnumerateArray())
        {
            if (item.TryGetProperty("Sequence", out _))
            {
                seen = true;
                continue;
            }

            string name = item.GetProperty("SpecialToken").GetProperty("id").GetString()!;
            var ids = processor.GetProperty("special_tokens").GetProperty(name).GetProperty("ids").EnumerateArray().Select(id => id.GetInt32());
            (seen ? after : before).AddRange(ids);
        }

        return new SpecialTokenFrame(before, after);
    }
}
