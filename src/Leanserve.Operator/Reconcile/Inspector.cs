using System.Globalization;
using System.Text.Json;
using k8s.Models;
using Leanserve.Api;
using Leanserve.Contracts;
using Leanserve.Controllers;
using Leanserve.Operator.Builders;
using Leanserve.Operator.Observe;

namespace Leanserve.Operator.Reconcile;

/// <summary>
/// Runs inspection pods and keeps what they report in a ConfigMap (<c>NAME-facts</c>), so that a restarted operator need not look again.
/// </summary>
public sealed class Inspector(IEntityCache<V1Pod> pods, IEntityCache<V1ConfigMap> configMaps, IEntityWriter writer, TimeProvider time)
{
    /// <summary>After a failed inspection the next one starts this much later: the missing folder may have appeared.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(15);

    private const string SubjectKey = "subject";
    private const string ModelSubjectKey = "modelSubject";
    private const string ReportKey = "report.json";
    private const string InspectedAtKey = "inspectedAt";

    /// <summary>One look: takes up a finished pod's report, starts a pod where one is needed, removes one that is not.</summary>
    /// <param name="resource">Whose model and documents.</param>
    /// <param name="subject">What they are now.</param>
    /// <param name="image">The image that reads them.</param>
    /// <param name="maxAge">Reports older than this are renewed; infinite where the API announces every change.</param>
    /// <param name="cancellationToken">Aborts API requests.</param>
    public async Task<Inspection> LookAsync(LlmDeployment resource, InspectionSubject subject, string image, Func<InspectionReport, TimeSpan> maxAge, CancellationToken cancellationToken)
    {
        var facts = ReadFacts(resource, subject);
        var ns = resource.Metadata.NamespaceProperty;
        var pod = pods.Get(ns, WorkloadNames.Inspection(resource));
        if (pod is null)
        {
            if (facts is not { IsCurrent: true } || time.GetUtcNow() - facts.At > maxAge(facts.Report))
            {
                await writer.CreateAsync(InspectionPodBuilder.Build(resource, image, subject.All), cancellationToken);
            }

            return Known(facts, null);
        }

        if (pod.Metadata.Annotations.Find(InspectionPodBuilder.SubjectAnnotation) != subject.All)
        {
            await writer.DeleteAsync(pod, cancellationToken);
            return Known(facts, null);
        }

        if (pod.Status?.ContainerStatuses?.FirstOrDefault()?.State?.Terminated is not { } ended)
        {
            return Known(facts, PodDiagnosis.Of([pod]) is { IsFailure: true } trouble ? $"{trouble.Reason}: {trouble.Message}" : null);
        }

        return await TakeUpAsync(resource, subject, facts, pod, ended, cancellationToken);
    }

    private async Task<Inspection> TakeUpAsync(
        LlmDeployment resource, InspectionSubject subject, Facts? facts, V1Pod pod, V1ContainerStateTerminated ended, CancellationToken cancellationToken)
    {
        var finishedAt = new DateTimeOffset(DateTime.SpecifyKind(ended.FinishedAt ?? pod.Metadata.CreationTimestamp ?? DateTime.UnixEpoch, DateTimeKind.Utc));
        if (facts is { IsCurrent: true } && facts.At >= finishedAt)
        {
            await writer.DeleteAsync(pod, cancellationToken);
            return Known(facts, null);
        }

        var report = Parse(ended.Message);
        if (report is null || report.Error is not null || ended.ExitCode != 0)
        {
            if (time.GetUtcNow() - finishedAt >= RetryAfter)
            {
                await writer.DeleteAsync(pod, cancellationToken);
            }

            return Known(facts, report?.Error ?? $"the inspection pod ended with exit status {ended.ExitCode}: {ended.Message?.Trim() ?? ended.Reason ?? "no message"}");
        }

        if (!subject.Describes(report))
        {
            await writer.DeleteAsync(pod, cancellationToken);
            return Known(facts, null);
        }

        // The pod goes only once these facts are seen in the cache, else a stale cache would start another.
        await writer.ApplyAsync(FactsConfigMap(resource, subject, report, finishedAt), cancellationToken);
        return new Inspection(report, true, null);
    }

    private static Inspection Known(Facts? facts, string? failure) => new(facts?.Report, facts is { IsCurrent: true }, failure);

    private Facts? ReadFacts(LlmDeployment resource, InspectionSubject subject)
    {
        var data = configMaps.Get(resource.Metadata.NamespaceProperty, WorkloadNames.Facts(resource))?.Data;
        if (data is null || data.Find(ModelSubjectKey) != subject.Model || Parse(data.Find(ReportKey)) is not { } report)
        {
            return null;
        }

        var at = DateTimeOffset.TryParse(data.Find(InspectedAtKey), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var t) ? t : DateTimeOffset.UnixEpoch;
        return new Facts(report, data.Find(SubjectKey) == subject.All, at);
    }

    private static V1ConfigMap FactsConfigMap(LlmDeployment resource, InspectionSubject subject, InspectionReport report, DateTimeOffset at) => new()
    {
        ApiVersion = V1ConfigMap.KubeApiVersion,
        Kind = V1ConfigMap.KubeKind,
        Metadata = WorkloadNames.Owned(resource, WorkloadNames.Facts(resource), WorkloadNames.InspectionComponent),
        Data = new Dictionary<string, string>
        {
            [SubjectKey] = subject.All,
            [ModelSubjectKey] = subject.Model,
            [ReportKey] = JsonSerializer.Serialize(report, RuntimeConfig.Json),
            [InspectedAtKey] = at.ToString("O", CultureInfo.InvariantCulture),
        },
    };

    private static InspectionReport? Parse(string? json)
    {
        try
        {
            return string.IsNullOrWhiteSpace(json) ? null : JsonSerializer.Deserialize<InspectionReport>(json, RuntimeConfig.Json);
        }
        catch (JsonException)
        {
            // Not a report: the pod was stopped before it could write one, and the message holds its last log lines instead.
            return null;
        }
    }

    private sealed record Facts(InspectionReport Report, bool IsCurrent, DateTimeOffset At);
}
