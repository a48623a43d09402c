namespace Leanserve.Planner;

/// <summary>Power of reserved hardware by its load, idle included.</summary>
internal static class EnergyUse
{
    // Teads' curve for cloud servers: share of the thermal design power at so much load.
    private static readonly (double Load, double Share)[] Curve = [(0, 0.116), (0.1, 0.32), (0.5, 0.75), (1, 1.02)];

    /// <summary>Mean watts of one replica at the plug, cooling included.</summary>
    public static double Watts(NodeCapability node, double load, PlannerConstants constants)
    {
        var share = ShareOfDesignPower(load);
        var efficiency = constants[Constant.PowerUsageEffectiveness];
        if (node.Kind is NodeKind.Cpu)
        {
            return efficiency * share * DesignWatts(node, constants);
        }

        // A context keeps clocks up: an idle GPU that holds a model draws more than an empty one.
        var idle = (Curve[0].Share * DesignWatts(node, constants)) + constants[Constant.CudaContextWatts];
        var gpu = Math.Max(idle, share * DesignWatts(node, constants)) + constants[Constant.HostWattsPerGpu];
        return efficiency * gpu;
    }

    private static double DesignWatts(NodeCapability node, PlannerConstants constants) =>
        node.ThermalDesignWatts ?? (node.Kind is NodeKind.Cpu ? node.Cores * constants[Constant.WattsPerCpuCore] : DefaultGpuWatts);

    private const double DefaultGpuWatts = 300;

    private static double ShareOfDesignPower(double load)
    {
        load = Math.Clamp(load, 0, 1);
        for (var i = 1; i < Curve.Length; i++)
        {
            if (load <= Curve[i].Load)
            {
                var (fromLoad, fromShare) = Curve[i - 1];
                return fromShare + ((Curve[i].Share - fromShare) * (load - fromLoad) / (Curve[i].Load - fromLoad));
            }
        }

        return Curve[^1].Share;
    }
}
