using Leanserve.Api;
using Leanserve.Contracts;

namespace Leanserve.Operator.Reconcile.Steps;

/// <summary>Settles how many tokens the documents have, and the hash by which their change is known.</summary>
public sealed class ResolveKnowledge(SourceCheck sources) : IReconcileStep
{
    /// <summary>UTF-8 bytes of English text that make one token of a byte-level BPE vocabulary, roughly; used only until the documents are measured.</summary>
    private const double BytesPerToken = 4.0;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    public Task<StepResult> RunAsync(ReconcileContext context, CancellationToken cancellationToken)
    {
        if (context.Resource.Spec.Knowledge is not { } knowledge)
        {
            context.KnowledgeTokens = 0;
            return Task.FromResult(StepResult.Next);
        }

        var missing = sources.MissingKnowledge(context.Resource);
        if (context.Resource.Spec.Apply == ApplyMode.PlanOnly)
        {
            context.Conditions.Unknown(ConditionTypes.KnowledgeCurrent, "PlanOnly", "apply: PlanOnly loads no documents.");
        }
        else if (missing is { } gone)
        {
            context.Conditions.False(ConditionTypes.KnowledgeCurrent, gone.Reason, gone.Message);
            context.Block(gone.Reason, gone.Message, LookAgain);
        }
        else if (knowledge.Sources is null or { Count: 0 })
        {
            context.Conditions.False(ConditionTypes.KnowledgeCurrent, "NoSources", "knowledge.tokens is stated without sources: the plan counts them, but nothing can be served until sources are given.");
            context.Block("NoKnowledgeSources", "knowledge.sources is empty; name the ConfigMaps or volumes with the documents to serve them.", LookAgain);
        }

        var measured = context is { Inspection.IsCurrent: true, Report: { } report } && report.Knowledge.Count > 0 ? report : null;
        context.KnowledgeTokens = measured?.Knowledge.Sum(k => k.Tokens) ?? knowledge.Tokens ?? (missing is null ? Estimate(context.Resource) : null);
        context.KnowledgeHash = measured is null ? "unmeasured" : Combine(measured.Knowledge);
        return Task.FromResult(StepResult.Next);
    }

    private long? Estimate(LlmDeployment resource)
    {
        var all = resource.Spec.Knowledge?.Sources ?? [];
        return all.Any(s => s.ConfigMapRef is null)
            ? null
            : (long)Math.Ceiling(all.Sum(s => sources.Files(resource.Metadata.NamespaceProperty, s.ConfigMapRef!).Sum(f => f.Content.Length)) / BytesPerToken);
    }

    private static string Combine(IEnumerable<KnowledgeMeasurement> measurements) =>
        KnowledgeHash.Compute(measurements.Select(m => (m.Name, (ReadOnlyMemory<byte>)System.Text.Encoding.ASCII.GetBytes(m.ContentHash))))[..16];
}
