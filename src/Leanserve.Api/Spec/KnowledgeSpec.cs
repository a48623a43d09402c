using System.ComponentModel.DataAnnotations;
using Leanserve.Api.Schema;

namespace Leanserve.Api;

/// <summary>The documents that answers should draw on.</summary>
[CelRule("(has(self.sources) && size(self.sources) > 0) || has(self.tokens)", RuleSentences.KnowledgeNeedsSourcesOrTokens)]
public sealed class KnowledgeSpec
{
    /// <summary>Where the documents lie.</summary>
    [ListMap("name")]
    [MaxLength(16)]
    public IList<KnowledgeSourceSpec>? Sources { get; set; }

    /// <summary>Tokens of all documents. Measured by the operator where it can read the sources; a stated value that contradicts the measurement is reported.</summary>
    [Range(0L, 1_000_000_000_000L)]
    public long? Tokens { get; set; }

    /// <summary>How often the documents change, times a day, as a decimal string.</summary>
    [DecimalString]
    public string? ChangesPerDay { get; set; }

    /// <summary>A folder on a volume where pods keep the documents' computed cache, so that new pods and other replicas that mount it compute nothing again. A pod keeps its own while it lives when absent.</summary>
    public VolumeFolderSpec? Snapshots { get; set; }

    /// <summary>A model that finds passages by meaning beside words; pods load it under the strategy Rag and serve it on /v1/embeddings as NAME-embeddings. Passages are found by words alone when absent.</summary>
    public EmbeddingModelSpec? EmbeddingModel { get; set; }
}

/// <summary>An ONNX encoder; it runs on the node's CPU.</summary>
public sealed class EmbeddingModelSpec
{
    /// <summary>Where the model's folder (model.onnx, config.json, tokenizer.json) lies.</summary>
    [Required]
    public ModelSourceSpec Source { get; set; } = new();

    /// <summary>Size of its weights. Measured by the operator where it can read the model; state it to plan before the model is there.</summary>
    [Quantity]
    public string? Size { get; set; }

    /// <summary>Length of its vectors; measured likewise.</summary>
    [Range(1, 65536)]
    public int? Dimensions { get; set; }
}

/// <summary>One named set of documents.</summary>
[CelRule("has(self.configMapRef) != has(self.persistentVolumeClaim)", RuleSentences.OneKnowledgeSource)]
public sealed class KnowledgeSourceSpec
{
    /// <summary>The name that citations carry.</summary>
    [Required]
    [StringLength(63, MinimumLength = 1)]
    [RegularExpression("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    public string Name { get; set; } = "";

    /// <summary>A ConfigMap of the same namespace whose values are the documents.</summary>
    public LocalReference? ConfigMapRef { get; set; }

    /// <summary>A folder of documents on a volume of the same namespace.</summary>
    public VolumeFolderSpec? PersistentVolumeClaim { get; set; }
}
