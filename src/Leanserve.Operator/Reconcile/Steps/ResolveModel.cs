using Leanserve.Api;
using Leanserve.Contracts;
using Leanserve.Operator.Hosting;
using Leanserve.Planner;
using Microsoft.Extensions.Options;

namespace Leanserve.Operator.Reconcile.Steps;

/// <summary>Learns the model's geometry and the documents' size: by an inspection pod where there is something to mount, else from what is stated.</summary>
public sealed class ResolveModel(SourceCheck sources, Inspector inspector, IOptions<OperatorOptions> options) : IReconcileStep
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    public async Task<StepResult> RunAsync(ReconcileContext context, CancellationToken cancellationToken)
    {
        var resource = context.Resource;
        if (resource.Spec.Model.Source is not { } source)
        {
            context.Conditions.Unknown(ConditionTypes.ModelAvailable, "NoSource", "model.source is absent: the plan rests on the stated geometry, and nothing can be served until a source is given.");
            context.Block("NoModelSource", "model.source is absent; name a PersistentVolumeClaim or ConfigMap with the model's folder to serve it.", LookAgain);
            return StepResult.Next;
        }

        if (sources.Missing(resource.Metadata.NamespaceProperty, "model.source", source.ConfigMapRef, source.PersistentVolumeClaim) is { } missing)
        {
            return Unavailable(context, missing.Reason, missing.Message);
        }

        if (resource.Spec.Apply == ApplyMode.PlanOnly)
        {
            context.Conditions.Unknown(ConditionTypes.ModelAvailable, "PlanOnly", "apply: PlanOnly creates nothing, so the model was not inspected; the plan rests on the stated geometry.");
            return StepResult.Next;
        }

        // Documents that are not there would keep the inspection pod from starting: ResolveKnowledge names them, and the model waits with them.
        if (sources.MissingKnowledge(resource) is not null)
        {
            context.Conditions.Unknown(ConditionTypes.ModelAvailable, "WaitingForDocuments", "The model is inspected together with the documents, and some of those are missing.");
            return StepResult.Next;
        }

        var image = options.Value.ServerImage;
        var subject = InspectionSubject.Of(resource, image, sources.ModelHash(resource), sources.EmbeddingModelHash(resource), sources.DocumentHashes(resource));
        context.Inspection = await inspector.LookAsync(resource, subject, image, report => MaxAge(context, report), cancellationToken);
        return Judge(context);
    }

    private static StepResult Judge(ReconcileContext context)
    {
        if (context.Inspection is { Failure: { } failure, IsCurrent: false })
        {
            return Unavailable(context, "InspectionFailed", $"The model or its documents cannot be used: {failure}");
        }

        if (context.Report is { } report)
        {
            var size = report.WeightsBytes is { } bytes ? $", {Wording.Bytes(bytes)}" : "";
            context.Conditions.True(ConditionTypes.ModelAvailable, "Inspected", $"{report.Precision}{size}, {report.Geometry?.Layers} layers, a context of {Wording.Count(report.Geometry?.MaxContextTokens ?? 0)} tokens.");
        }
        else
        {
            context.Conditions.Unknown(ConditionTypes.ModelAvailable, "Inspecting", "An inspection pod is reading the model and the documents.");
        }

        if (!context.Inspection.IsCurrent)
        {
            context.Block("Inspecting", "An inspection pod is reading the model and the documents.", LookAgain);
        }

        return StepResult.Next;
    }

    private static StepResult Unavailable(ReconcileContext context, string reason, string message)
    {
        context.Conditions.False(ConditionTypes.ModelAvailable, reason, message);
        context.Block(reason, message, LookAgain);
        return StepResult.Next;
    }

    // Pods that answer from other documents than were measured have seen a change of a volume, which no API announces.
    private TimeSpan MaxAge(ReconcileContext context, InspectionReport report)
    {
        var onVolumes = (context.Resource.Spec.Knowledge?.Sources ?? []).Where(s => s.PersistentVolumeClaim is not null).Select(s => s.Name).ToList();
        if (onVolumes.Count == 0)
        {
            return TimeSpan.MaxValue;
        }

        var seen = context.Pages.Any(page => page.Text is not null && report.Knowledge.Any(k => onVolumes.Contains(k.Name) && !page.Serves(k.Name, k.ContentHash)));
        return seen ? LookAgain : options.Value.VolumeInspectionInterval;
    }
}
