using System.Text.Json;
using Leanserve.Contracts;

namespace Leanserve.Server.Configuration;

/// <summary>Reads <c>runtime.json</c>.</summary>
public static class RuntimeConfigFile
{
    /// <summary>Reads and checks the file; whatever is wrong with it comes back as a value.</summary>
    public static ConfigurationResult Load(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new ConfigurationResult(null, [$"{path}: cannot be read: {exception.Message}"]);
        }

        return Parse(text);
    }

    /// <summary>Reads and checks the text of a <c>runtime.json</c>.</summary>
    public static ConfigurationResult Parse(string json)
    {
        try
        {
            var config = JsonSerializer.Deserialize<RuntimeConfig>(json, RuntimeConfig.Json);
            if (config is null)
            {
                return new ConfigurationResult(null, ["runtime.json holds null; write an object."]);
            }

            var violations = RuntimeConfigRules.Violations(config).ToList();
            return new ConfigurationResult(violations.Count == 0 ? config : null, violations);
        }
        catch (JsonException exception)
        {
            return new ConfigurationResult(null, [$"runtime.json, line {exception.LineNumber + 1}: {exception.Message}"]);
        }
    }
}
