using k8s.Models;

namespace Leanserve.Operator.Builders;

/// <summary>The budget as API servers before 1.21 serve it; its fields are those of <c>policy/v1</c>.</summary>
[KubernetesEntity(Group = "policy", ApiVersion = "v1beta1", Kind = "PodDisruptionBudget", PluralName = "poddisruptionbudgets")]
public sealed record V1Beta1PodDisruptionBudget : V1PodDisruptionBudget;
