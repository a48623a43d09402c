using System.Globalization;
using Leanserve.Api;

namespace Leanserve.Translation.Validation;

/// <summary>Rules about the model.</summary>
internal static class ModelRules
{
    public static IEnumerable<Violation> Check(LlmDeploymentSpec spec)
    {
        var model = spec.Model;
        if (model is { Source: null, Geometry: null })
        {
            yield return new Violation("spec.model", null, RuleSentences.ModelNeedsSourceOrGeometry, "Add model.source, or model.geometry with apply: PlanOnly");
        }
        else if (model.Source is null && spec.Apply is not ApplyMode.PlanOnly)
        {
            yield return new Violation("spec.model.source", null, RuleSentences.AutoNeedsModelSource, "Add model.source or state apply: PlanOnly");
        }

        if (model.Source is { } source && source.PersistentVolumeClaim is null == source.ConfigMapRef is null)
        {
            yield return new Violation("spec.model.source", null, RuleSentences.OneModelSource, "Keep the one that holds the model");
        }

        // A divisor of 0 breaks the schema's own bound and is reported there.
        if (model.Geometry is { KeyValueHeads: > 0 } shape && shape.AttentionHeads % shape.KeyValueHeads != 0)
        {
            var heads = string.Create(CultureInfo.InvariantCulture, $"{shape.AttentionHeads} and {shape.KeyValueHeads}");
            yield return new Violation("spec.model.geometry.attentionHeads", heads, RuleSentences.HeadsDivide, "Copy both from the model's config.json");
        }
    }
}
