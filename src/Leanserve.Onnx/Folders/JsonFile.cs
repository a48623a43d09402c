using System.Text.Json;

namespace Leanserve.Onnx;

/// <summary>Reads the small JSON files of a model folder.</summary>
internal static class JsonFile
{
    /// <summary>The root object, or null where there is no such file.</summary>
    /// <exception cref="ModelLoadException">The file is no JSON object.</exception>
    public static JsonElement? TryRead(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new ModelLoadException($"{path}: the file holds a JSON {document.RootElement.ValueKind}, not an object.");
        }
        catch (JsonException exception)
        {
            throw new ModelLoadException($"{path}: not JSON: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }
}
