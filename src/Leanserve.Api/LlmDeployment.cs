using System.ComponentModel.DataAnnotations;
using k8s;
using k8s.Models;
using Leanserve.Api.Schema;

namespace Leanserve.Api;

/// <summary>
/// One LLM served for one small team. State the model, the node, the traffic, the documents and what good means;
/// the operator chooses the serving strategy with the least total overhead, runs it, and reports why in the status.
/// </summary>
[KubernetesEntity(Group = Group, ApiVersion = Version, Kind = KindName, PluralName = Plural)]
[PrinterColumn("Model", "string", ".status.model", Order = 0)]
[PrinterColumn("Strategy", "string", ".status.strategy.summary", Order = 1)]
[PrinterColumn("GPU", "string", ".spec.node.gpu", Order = 2)]
[PrinterColumn("QPS", "string", ".spec.traffic.queriesPerSecond", Order = 3)]
[PrinterColumn("OAE", "string", ".status.oae.score", Order = 4)]
[PrinterColumn("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status", Order = 5)]
[PrinterColumn("Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason", Order = 6)]
[PrinterColumn("Endpoint", "string", ".status.endpoint", Order = 7, Priority = 1)]
[PrinterColumn("USD/Mtok", "string", ".status.oae.usdPerMillionTokens", Order = 8, Priority = 1)]
[PrinterColumn("Message", "string", ".status.conditions[?(@.type==\"Ready\")].message", Order = 9, Priority = 1)]
[PrinterColumn("Age", "date", ".metadata.creationTimestamp", Order = 10)]
[CelRule("size(self.metadata.name) <= 50 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')", RuleSentences.Name)]
public sealed class LlmDeployment : IKubernetesObject<V1ObjectMeta>, ISpec<LlmDeploymentSpec>, IStatus<LlmDeploymentStatus>
{
    public const string Group = "leanserve.io";
    public const string Version = "v1alpha1";
    public const string KindName = "LlmDeployment";
    public const string Plural = "llmdeployments";
    public const string ShortName = "llmd";

    /// <summary>Most characters of a name: a Service's name has at most 63, and the names of owned objects append to it.</summary>
    public const int LongestName = 50;

    /// <summary>Version of this object's schema.</summary>
    public string ApiVersion { get; set; } = $"{Group}/{Version}";

    /// <summary>LlmDeployment.</summary>
    public string Kind { get; set; } = KindName;

    // Undocumented on purpose: API servers refuse a schema that says anything about metadata.
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What the user wants.</summary>
    [Required]
    public LlmDeploymentSpec Spec { get; set; } = new();

    /// <summary>What the operator did and saw.</summary>
    public LlmDeploymentStatus Status { get; set; } = new();
}
