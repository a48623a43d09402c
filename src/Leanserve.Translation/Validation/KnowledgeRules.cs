using Leanserve.Api;

namespace Leanserve.Translation.Validation;

/// <summary>Rules about documents, and about strategies that need them.</summary>
internal static class KnowledgeRules
{
    public static IEnumerable<Violation> Check(LlmDeploymentSpec spec)
    {
        if (spec.Knowledge is { } knowledge)
        {
            return Present(spec, knowledge);
        }

        return spec.Strategy?.Knowledge is KnowledgeStrategy.Cag or KnowledgeStrategy.Rag
            ? [new Violation("spec.strategy.knowledge", $"{spec.Strategy.Knowledge}", RuleSentences.PinNeedsKnowledge, "Add knowledge.sources, or take Auto or Dense")]
            : [];
    }

    private static IEnumerable<Violation> Present(LlmDeploymentSpec spec, KnowledgeSpec knowledge)
    {
        var sources = knowledge.Sources ?? [];
        if (sources.Count == 0 && knowledge.Tokens is null)
        {
            yield return new Violation("spec.knowledge", null, RuleSentences.KnowledgeNeedsSourcesOrTokens, "Add a source, or remove knowledge");
        }
        else if (sources.Count == 0 && spec.Apply is not ApplyMode.PlanOnly)
        {
            yield return new Violation("spec.knowledge.sources", null, RuleSentences.AutoNeedsKnowledgeSources, "Add a source or state apply: PlanOnly");
        }

        if (knowledge.EmbeddingModel?.Source is { } embedding && embedding.PersistentVolumeClaim is null == embedding.ConfigMapRef is null)
        {
            yield return new Violation("spec.knowledge.embeddingModel.source", null, RuleSentences.OneModelSource, "Keep the one that holds the model");
        }

        for (var index = 0; index < sources.Count; index++)
        {
            if (sources[index].ConfigMapRef is null == sources[index].PersistentVolumeClaim is null)
            {
                var path = FieldPath.Item("spec.knowledge.sources", index);
                yield return new Violation(path, Shown.Text(sources[index].Name), RuleSentences.OneKnowledgeSource, "Keep the one that holds the documents");
            }
        }
    }
}
