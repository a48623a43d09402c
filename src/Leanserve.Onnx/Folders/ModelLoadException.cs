namespace Leanserve.Onnx;

/// <summary>A model folder cannot be served; the message is one clear line: the file, what is wrong with it, the remedy.</summary>
public sealed class ModelLoadException : Exception
{
    public ModelLoadException(string message)
        : base(message)
    {
    }

    public ModelLoadException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
