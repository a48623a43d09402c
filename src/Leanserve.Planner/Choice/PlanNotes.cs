namespace Leanserve.Planner;

/// <summary>What a plan had to assume because nobody stated it and no catalogue knows it.</summary>
public static class PlanNotes
{
    /// <summary>The notes, each a sentence with its remedy.</summary>
    public static IEnumerable<string> Of(DeploymentPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var input = plan.Input;
        if (input.Node.Kind is NodeKind.Gpu && (input.Prices.NodeUsdPerHour ?? input.Node.UsdPerHour) is null)
        {
            var price = OverheadAwareEfficiency.UsdPerHour(input, PlannerConstants.Default.With(input.Assumptions));
            yield return $"The catalogue has no price for {input.Node.Name}: {Wording.Usd(price)} an hour is assumed ({Constant.FallbackGpuUsdPerHour}); state cost.gpuHourly.";
        }
    }
}
