using Leanserve.Contracts;

namespace Leanserve.Engine;

/// <summary>What a request must obey to run here at all.</summary>
internal static class RequestRules
{
    /// <summary>Every violation, one sentence each: the number, the limit, the remedy.</summary>
    public static IReadOnlyList<string> Violations(GenerationRequest request, ModelGeometry geometry, int capacity)
    {
        List<string> violations = [];
        int prompt = request.PromptTokens.Count;
        Require(violations, prompt > 0, "The prompt is empty; send at least one token.");
        Require(violations, request.MaxTokens > 0, $"max_tokens is {request.MaxTokens}; it must be at least 1.");
        Require(violations, request.Choices > 0, $"n is {request.Choices}; it must be at least 1.");
        Require(
            violations,
            request.PromptTokens.All(token => token >= 0 && token < geometry.VocabularySize),
            $"The prompt holds a token outside the vocabulary of {geometry.VocabularySize}; use this model's tokenizer.");
        if (violations.Count == 0)
        {
            CheckLength(violations, request, geometry, capacity);
        }

        CheckSampling(violations, request.Sampling, geometry);
        CheckBeam(violations, request);
        return violations;
    }

    private static void CheckLength(List<string> violations, GenerationRequest request, ModelGeometry geometry, int capacity)
    {
        int prompt = request.PromptTokens.Count;
        Require(
            violations,
            (long)prompt + request.MaxTokens <= geometry.MaxContextTokens,
            $"The prompt of {prompt} tokens and {request.MaxTokens} new ones exceed the model's context of {geometry.MaxContextTokens}; "
            + "shorten the prompt or lower max_tokens.");
        long branches = request.Beam?.Width ?? request.Choices;
        long needed = prompt + (branches * request.MaxTokens);
        Require(
            violations,
            needed < capacity,
            $"The prompt of {prompt} tokens and {branches} × {request.MaxTokens} new ones need {needed} KV slots of {capacity}; "
            + "shorten the prompt, lower max_tokens, n or the beam width, or raise kvSlots.");
    }

    private static void CheckSampling(List<string> violations, SamplingOptions sampling, ModelGeometry geometry)
    {
        Require(violations, sampling.Temperature is >= 0 and <= 100, $"temperature is {sampling.Temperature}; it must be from 0 to 100.");
        Require(violations, sampling.TopK >= 0, $"top_k is {sampling.TopK}; it must be 0 (no limit) or more.");
        Require(violations, sampling.TopP is > 0 and <= 1, $"top_p is {sampling.TopP}; it must be above 0 and at most 1.");
        Require(violations, sampling.MinP is >= 0 and <= 1, $"min_p is {sampling.MinP}; it must be from 0 to 1.");
        Require(
            violations, sampling.RepetitionPenalty is > 0 and <= 100, $"repetition_penalty is {sampling.RepetitionPenalty}; it must be above 0 and at most 100.");
        Require(violations, sampling.PresencePenalty is >= -2 and <= 2, $"presence_penalty is {sampling.PresencePenalty}; it must be from -2 to 2.");
        Require(violations, sampling.FrequencyPenalty is >= -2 and <= 2, $"frequency_penalty is {sampling.FrequencyPenalty}; it must be from -2 to 2.");
        foreach ((int token, float bias) in sampling.LogitBias ?? new Dictionary<int, float>())
        {
            Require(
                violations,
                token >= 0 && token < geometry.VocabularySize && bias is >= -100 and <= 100,
                $"logit_bias of token {token} is {bias}; tokens run from 0 to {geometry.VocabularySize - 1} and biases from -100 to 100.");
        }
    }

    private static void CheckBeam(List<string> violations, GenerationRequest request)
    {
        if (request.Beam is not { } beam)
        {
            return;
        }

        Require(violations, beam.Width is >= 1 and <= 256, $"The beam width is {beam.Width}; it must be from 1 to 256.");
        Require(violations, beam.Return >= 1 && beam.Return <= beam.Width, $"n is {beam.Return}; it must be from 1 to the beam width of {beam.Width}.");
        Require(violations, double.IsFinite(beam.LengthPenalty), $"length_penalty is {beam.LengthPenalty}; it must be a finite number.");
    }

    private static void Require(List<string> violations, bool holds, string sentence)
    {
        if (!holds)
        {
            violations.Add(sentence);
        }
    }
}
