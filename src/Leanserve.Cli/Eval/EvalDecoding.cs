using System.Globalization;
using System.Text.Json.Nodes;

namespace Leanserve.Cli.Eval;

/// <summary>How tokens are chosen, as members of a request.</summary>
/// <param name="Name">As the user writes it.</param>
/// <param name="Temperature">Null leaves it to the endpoint.</param>
/// <param name="Beams">Width of a beam search; 0 is none.</param>
internal sealed record EvalDecoding(string Name, double? Temperature = null, int Beams = 0)
{
    public const string Choices = "default, greedy, t=TEMPERATURE or beam=WIDTH";

    private const double MaxTemperature = 2;
    private const int MaxBeams = 64;

    /// <summary>The decoding of a name, or null.</summary>
    public static EvalDecoding? Parse(string name) => name.Split('=') switch
    {
        ["default"] => new(name),
        ["greedy"] => new(name, 0),
        ["t", var text] when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= MaxTemperature => new(name, value),
        ["beam", var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width is >= 1 and <= MaxBeams => new(name, null, width),
        _ => null,
    };

    /// <summary>Adds what asks for it.</summary>
    public void Write(JsonObject body)
    {
        if (Temperature is { } temperature)
        {
            body["temperature"] = temperature;
        }

        if (Beams > 0)
        {
            body["use_beam_search"] = true;
            body["n"] = Beams;
        }
    }
}
