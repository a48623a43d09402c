using System.Globalization;
using System.Text.Json;
using Leanserve.Contracts;
using Leanserve.Engine;

namespace Leanserve.Server.OpenAi;

/// <summary>Reads <see cref="GenerationParameters"/> from a request body.</summary>
/// <remarks>
/// Unknown members are ignored, as other servers do; members that would change the answer and are not supported are refused (see
/// <see cref="UnsupportedMembers"/>).
/// </remarks>
internal sealed class GenerationParametersReader(JsonFields fields, RequestLimits limits)
{
    private readonly SamplingReader sampling = new(fields, limits.VocabularySize);

    public GenerationParameters Read(int? topLogProbabilities)
    {
        UnsupportedMembers.Check(fields);
        var choices = fields.Integer("n", 1, RequestLimits.MaxChoices) ?? 1;
        var stream = fields.Boolean("stream") ?? false;
        var options = sampling.Read();
        return new GenerationParameters
        {
            Model = Model(),
            MaxTokens = MaxTokens(),
            Sampling = options,
            Beam = Beam(choices, options),
            Choices = choices,
            Stop = Stop(),
            Format = new ResponseFormatReader(fields, limits.Formats).Read(),
            Stream = stream,
            IncludeUsage = IncludeUsage(stream),
            TopLogProbabilities = topLogProbabilities,
            Knowledge = new KnowledgeReader(fields, limits.KnowledgeNames).Read(),
        };
    }

    private string Model()
    {
        if (fields.Element("model") is null)
        {
            fields.Add("model", "is missing; /v1/models lists what is served");
        }

        return fields.String("model") ?? "";
    }

    private int? MaxTokens()
    {
        var newer = fields.Integer("max_completion_tokens", 1, limits.MaxOutputTokens);
        var older = fields.Integer("max_tokens", 1, limits.MaxOutputTokens);
        if (newer is not null && older is not null && newer != older)
        {
            fields.Add("max_tokens", $"is {older}, but max_completion_tokens is {newer}; send one of them");
        }

        return newer ?? older;
    }

    // Explicit sampling parameters select sampling on a server whose default is beam search, unless use_beam_search insists.
    private BeamSearchOptions? Beam(int choices, SamplingOptions options)
    {
        var asked = fields.Boolean("use_beam_search");
        var lengthPenalty = fields.Number("length_penalty", -10, 10);
        var isBeam = asked ?? (limits.Decoding.Mode == DecodingMode.BeamSearch && !sampling.HasExplicit);
        if (!isBeam)
        {
            if (lengthPenalty is not null)
            {
                fields.Add("length_penalty", "applies to beam search only; leave it out or send \"use_beam_search\": true without sampling parameters");
            }

            return null;
        }

        sampling.RequireNeutral(options);
        return new BeamSearchOptions
        {
            Width = Math.Max(choices, limits.Decoding.BeamWidth),
            LengthPenalty = lengthPenalty ?? limits.Decoding.LengthPenalty,
            Return = choices,
        };
    }

    private List<string> Stop()
    {
        var stops = new List<string>();
        if (fields.Element("stop") is not { } value)
        {
            return stops;
        }

        var items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : new[] { value };
        if (items.Length > RequestLimits.MaxStopStrings)
        {
            fields.Add("stop", string.Create(CultureInfo.InvariantCulture, $"has {items.Length} strings; at most {RequestLimits.MaxStopStrings} are allowed"));
            return stops;
        }

        foreach (var item in items)
        {
            if (fields.Text(item, "stop") is not { } text)
            {
                continue;
            }

            if (text.Length is 0 or > RequestLimits.MaxStopStringLength)
            {
                fields.Add("stop", $"has a string of {text.Length} characters; from 1 to {RequestLimits.MaxStopStringLength} are allowed");
            }

            stops.Add(text);
        }

        return stops;
    }

    private bool IncludeUsage(bool stream)
    {
        if (fields.Element("stream_options") is not { } options)
        {
            return false;
        }

        if (options.ValueKind != JsonValueKind.Object)
        {
            return fields.Violate<bool>("stream_options", options, "it must be an object");
        }

        if (!stream)
        {
            fields.Add("stream_options", "goes with \"stream\": true only; leave it out");
        }

        return fields.Child(options, "stream_options").Boolean("include_usage") ?? false;
    }
}
