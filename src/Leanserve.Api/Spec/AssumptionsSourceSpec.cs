using System.ComponentModel.DataAnnotations;

namespace Leanserve.Api;

/// <summary>A place that overrides some of the planner's constants.</summary>
public sealed class AssumptionsSourceSpec
{
    /// <summary>The ConfigMap: each key a constant's name, each value a decimal number within the constant's bounds.</summary>
    [Required]
    public LocalReference ConfigMapRef { get; set; } = new();
}
