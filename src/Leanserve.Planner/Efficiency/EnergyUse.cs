namespace Leanserve.Planner;

/// <summary>Power of reserved hardware by its load, idle included.</summary>
internal static class EnergyUse
{
    // Load at which the share of the thermal design power is known; straight lines between.
    private static readonly (double Load, Constant Share)[] Curve =
        [(0, Constant.PowerShareIdle), (0.1, Constant.PowerShareAtTenth), (0.5, Constant.PowerShareAtHalf), (1, Constant.PowerShareAtFull)];

    /// <summary>Mean watts of one replica at the plug, cooling included.</summary>
    public static double Watts(NodeCapability node, double load, PlannerConstants constants)
    {
        var share = ShareOfDesignPower(load, constants);
        var efficiency = constants[Constant.PowerUsageEffectiveness];
        if (node.Kind is NodeKind.Cpu)
        {
            return efficiency * share * DesignWatts(node, constants);
        }

        // A context keeps clocks up: an idle GPU that holds a model draws more than an empty one.
        var idle = (constants[Constant.PowerShareIdle] * DesignWatts(node, constants)) + constants[Constant.CudaContextWatts];
        var gpu = Math.Max(idle, share * DesignWatts(node, constants)) + constants[Constant.HostWattsPerGpu];
        return efficiency * gpu;
    }

    private static double DesignWatts(NodeCapability node, PlannerConstants constants) =>
        node.ThermalDesignWatts ?? (node.Kind is NodeKind.Cpu ? node.Cores * constants[Constant.WattsPerCpuCore] : constants[Constant.FallbackGpuWatts]);

    private static double ShareOfDesignPower(double load, PlannerConstants constants)
    {
        load = Math.Clamp(load, 0, 1);
        for (var i = 1; i < Curve.Length; i++)
        {
            if (load <= Curve[i].Load)
            {
                var (fromLoad, fromShare) = (Curve[i - 1].Load, constants[Curve[i - 1].Share]);
                return fromShare + ((constants[Curve[i].Share] - fromShare) * (load - fromLoad) / (Curve[i].Load - fromLoad));
            }
        }

        return constants[Curve[^1].Share];
    }
}
