using System.Text.Json;
using Leanserve.Planner;

namespace Leanserve.Cli.Commands;

/// <summary>The value of <c>--engine-profile</c>: a known name, or a file that <c>make bench ONLY=prediction</c> wrote.</summary>
internal static class EngineProfileArgument
{
    public static string Description { get; } = $"Engine to predict with: {EngineProfiles.KnownNames}, or a JSON file with a measured profile.";

    /// <summary>The profile, or what is wrong with the value; neither where there is no value.</summary>
    public static (EngineProfile? Profile, string? Complaint) Read(string? value)
    {
        if (value is null || EngineProfiles.Find(value) is not null)
        {
            return (value is null ? null : EngineProfiles.Find(value), null);
        }

        if (!File.Exists(value))
        {
            return (null, $"--engine-profile is '{value}', which is neither a file nor a known profile; known are {EngineProfiles.KnownNames}.");
        }

        try
        {
            var profiles = EngineProfiles.Parse(File.ReadAllText(value));
            return profiles is not [var only] ? (null, $"--engine-profile {value} holds {profiles.Count} profiles; keep the one to predict with.")
                : EngineProfileRules.Violations(only) is { Count: > 0 } violations ? (null, $"--engine-profile {value}: {string.Join(' ', violations)}")
                : (only, null);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return (null, $"--engine-profile {value} cannot be read: {exception.Message}");
        }
    }
}
