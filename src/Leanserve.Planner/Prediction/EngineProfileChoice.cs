using System.Globalization;

namespace Leanserve.Planner;

/// <summary>Finds the profile of an engine as people name it: "vLLM 0.7.3", "NIM 1.8.0", "TensorRT-LLM".</summary>
public static class EngineProfileChoice
{
    public const string Vllm07 = "vllm-0.7";
    public const string Vllm08 = "vllm-0.8";
    public const string Nim = "nim-1.8";

    private static readonly Version Rewritten = new(0, 8);

    /// <summary>A profile by its own name; NIM and TensorRT-LLM; vLLM before 0.8; any other engine is taken for newer vLLM.</summary>
    public static EngineProfile For(string engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        if (EngineProfiles.Find(engine) is { } named)
        {
            return named;
        }

        var nim = engine.Contains("NIM", StringComparison.OrdinalIgnoreCase) || engine.Contains("TensorRT", StringComparison.OrdinalIgnoreCase) || engine.Contains("TRT", StringComparison.OrdinalIgnoreCase);
        return EngineProfiles.Find(nim ? Nim : VllmVersion(engine) is { } version && version < Rewritten ? Vllm07 : Vllm08)!;
    }

    private static Version? VllmVersion(string engine)
    {
        if (!engine.Contains("vLLM", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        foreach (var word in engine.Split(' ', '/', '@', '=', '+'))
        {
            var digits = word.TrimStart('v', 'V');
            if (digits.Length > 0 && char.IsAsciiDigit(digits[0]) && digits.Contains('.', StringComparison.Ordinal))
            {
                var parts = digits.Split('.');
                return int.TryParse(parts[0], CultureInfo.InvariantCulture, out var major) && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var minor)
                    ? new Version(major, minor)
                    : null;
            }
        }

        return null;
    }
}
