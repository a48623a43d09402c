using System.ComponentModel.DataAnnotations;
using Leanserve.Api.Schema;

namespace Leanserve.Api;

/// <summary>Where the model lies, and its shape if it is to be planned before it is there.</summary>
[CelRule("has(self.source) || has(self.geometry)", RuleSentences.ModelNeedsSourceOrGeometry)]
public sealed class ModelSpec
{
    /// <summary>Where the model's folder (ONNX file, config.json, tokenizer.json) lies.</summary>
    public ModelSourceSpec? Source { get; set; }

    /// <summary>The model's shape. Read from the model itself where that is possible; state it to plan before the model is there.</summary>
    public GeometrySpec? Geometry { get; set; }
}

/// <summary>Exactly one place where the model's folder lies.</summary>
[CelRule("has(self.persistentVolumeClaim) != has(self.configMapRef)", RuleSentences.OneModelSource)]
public sealed class ModelSourceSpec
{
    /// <summary>A folder on a volume of the same namespace.</summary>
    public VolumeFolderSpec? PersistentVolumeClaim { get; set; }

    /// <summary>A ConfigMap of the same namespace whose keys are the folder's files; only for models under 1 MiB.</summary>
    public LocalReference? ConfigMapRef { get; set; }
}

/// <summary>A folder on a PersistentVolumeClaim.</summary>
public sealed class VolumeFolderSpec
{
    /// <summary>The claim's name.</summary>
    [Required]
    [StringLength(253, MinimumLength = 1)]
    public string ClaimName { get; set; } = "";

    /// <summary>The folder inside the volume, relative to its root; the root itself when absent.</summary>
    [StringLength(1024)]
    [RegularExpression(@"^(?:[^/\\.][^/\\]*|\.[^/\\.][^/\\]*)?(?:/(?:[^/\\.][^/\\]*|\.[^/\\.][^/\\]*))*/?$")]
    public string? Path { get; set; }
}

/// <summary>A reference to an object of the same namespace.</summary>
public sealed class LocalReference
{
    /// <summary>The object's name.</summary>
    [Required]
    [StringLength(253, MinimumLength = 1)]
    public string Name { get; set; } = "";
}

/// <summary>The shape of a Llama-style decoder.</summary>
[CelRule("self.attentionHeads % self.keyValueHeads == 0", RuleSentences.HeadsDivide)]
public sealed class GeometrySpec
{
    /// <summary>Weights in all, embeddings included.</summary>
    [Required]
    [Range(1L, 10_000_000_000_000L)]
    public long Parameters { get; set; }

    /// <summary>Transformer layers.</summary>
    [Required]
    [Range(1, 1000)]
    public int Layers { get; set; }

    /// <summary>Width of the residual stream.</summary>
    [Required]
    [Range(1, 1_000_000)]
    public int HiddenSize { get; set; }

    /// <summary>Attention heads.</summary>
    [Required]
    [Range(1, 10_000)]
    public int AttentionHeads { get; set; }

    /// <summary>Heads of keys and values; fewer than attentionHeads under grouped-query attention.</summary>
    [Required]
    [Range(1, 10_000)]
    public int KeyValueHeads { get; set; }

    /// <summary>Width of one head.</summary>
    [Required]
    [Range(1, 10_000)]
    public int HeadSize { get; set; }

    /// <summary>Width of the feed-forward network.</summary>
    [Required]
    [Range(1, 10_000_000)]
    public int IntermediateSize { get; set; }

    /// <summary>Tokens in the vocabulary.</summary>
    [Required]
    [Range(2, 10_000_000)]
    public int VocabularySize { get; set; }

    /// <summary>Longest context in tokens.</summary>
    [Required]
    [Range(1, 100_000_000)]
    public int MaxContextTokens { get; set; }

    /// <summary>Bits of one stored weight: 32, 16, 8 or 4.</summary>
    [Required]
    [AllowedValues(4, 8, 16, 32)]
    public int WeightBits { get; set; }
}
