using Leanserve.Contracts;
using Leanserve.Engine;

namespace Leanserve.Onnx;

/// <summary>A model folder, checked: geometry, precision, tokenizer, chat template; the weights themselves stay on disk.</summary>
public sealed class ModelFolder
{
    /// <summary>Absolute path.</summary>
    public required string Directory { get; init; }

    public required ModelGeometry Geometry { get; init; }

    public required WeightPrecision Precision { get; init; }

    /// <summary>Bytes of the model file and its external data.</summary>
    public required long WeightsBytes { get; init; }

    public required ITokenizer Tokenizer { get; init; }

    /// <summary>The Jinja template of <c>tokenizer_config.json</c> (or <c>chat_template.jinja</c>), or null.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Reads and checks the folder.</summary>
    /// <exception cref="ModelLoadException">A file is missing or broken.</exception>
    public static ModelFolder Open(string directory) => throw new NotImplementedException();

    /// <summary>Loads the weights and allocates the KV buffer.</summary>
    /// <exception cref="ModelLoadException">The model file is broken, or this build lacks the execution provider.</exception>
    public IModelRunner CreateRunner(OnnxRunnerOptions options) => throw new NotImplementedException();
}
