using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Leanserve.Api.Schema;

namespace Leanserve.Api;

/// <summary>The machine that each replica runs on.</summary>
public sealed class NodeSpec
{
    /// <summary>The value of <see cref="Gpu"/> that serves on the node's own CPU.</summary>
    public const string Cpu = "None";

    /// <summary>A GPU of the catalogue (L4, A10, H100-SXM …), or None for the node's own CPU. Another name needs `capacity`.</summary>
    [Required]
    [StringLength(63, MinimumLength = 1)]
    public string Gpu { get; set; } = "";

    /// <summary>GPUs that one replica takes: 1.</summary>
    [Range(1, 8)]
    [CelRule("self == 1", RuleSentences.OneGpu)]
    [DefaultValue(SpecDefaults.GpusPerReplica)]
    public int? GpusPerReplica { get; set; }

    /// <summary>Labels that the node must carry, beside those that the GPU's name implies.</summary>
    public LabelSelectorSpec? Selector { get; set; }

    /// <summary>Figures of the accelerator (or of the node, for gpu: None), for what the catalogue does not know.</summary>
    public NodeCapacitySpec? Capacity { get; set; }
}

/// <summary>Labels to match.</summary>
public sealed class LabelSelectorSpec
{
    /// <summary>Every one of these labels must be there with this value.</summary>
    [Required]
    [MaxLength(32)]
    [StringLength(63)]
    public IDictionary<string, string> MatchLabels { get; set; } = new Dictionary<string, string>();
}

/// <summary>What one accelerator (or the node's CPU) can do.</summary>
public sealed class NodeCapacitySpec
{
    /// <summary>Memory that models may use.</summary>
    [Required]
    [Quantity]
    [JsonConverter(typeof(IntOrStringConverter))]
    public string Memory { get; set; } = "";

    /// <summary>Memory bandwidth in gigabytes (10⁹) a second.</summary>
    [Required]
    [DecimalString]
    [CelRule("double(self) > 0.0", RuleSentences.BandwidthPositive)]
    public string BandwidthGigabytesPerSecond { get; set; } = "";

    /// <summary>Dense matrix rate in teraflops (10¹² a second) at the precision that the runtime computes in: fp16 on a GPU, fp32 on a CPU.</summary>
    [Required]
    [DecimalString]
    [CelRule("double(self) > 0.0", RuleSentences.TeraflopsPositive)]
    public string Teraflops { get; set; } = "";

    /// <summary>Thermal design power in watts.</summary>
    [Range(1, 100_000)]
    public int? ThermalDesignWatts { get; set; }
}
