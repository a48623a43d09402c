using System.Globalization;

namespace Leanserve.Planner;

/// <summary>A constant as the data file documents it. Within its bounds every plan can be computed; they judge nobody's taste.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What holds where nobody overrides it.</param>
/// <param name="IsWhole">Whether it counts things, so that only whole numbers make sense.</param>
/// <param name="Least">The least value that an override may give.</param>
/// <param name="Most">The most.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Source">Where the value comes from.</param>
public sealed record DocumentedConstant(Constant Name, double Value, bool IsWhole, double Least, double Most, string Unit, string Source)
{
    /// <summary>The documented value as one writes it.</summary>
    public string DefaultText => Text(Value);

    /// <summary>What it may be: a whole number from 0 to 10000.</summary>
    public string Range => $"a {(IsWhole ? "whole " : "")}number from {Text(Least)} to {Text(Most)}";

    /// <summary>Whether an override may give it this value.</summary>
    public bool Allows(double value) => value >= Least && value <= Most && (!IsWhole || double.IsInteger(value));

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
