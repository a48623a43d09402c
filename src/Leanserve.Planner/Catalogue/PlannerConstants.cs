using System.Globalization;

namespace Leanserve.Planner;

/// <summary>The planner's constants, each with its bounds, its unit and its source or the word <i>judgement</i>.</summary>
public sealed class PlannerConstants
{
    private readonly double[] values;

    private PlannerConstants(double[] values) => this.values = values;

    /// <summary>Every constant with value, bounds, unit and source, in the order of the data file.</summary>
    public static IReadOnlyList<DocumentedConstant> Documented { get; } = [.. EmbeddedData.Lines("constants.csv").Skip(1).Select(Parse)];

    private static readonly Dictionary<string, DocumentedConstant> ByName = Documented.ToDictionary(constant => constant.Name.ToString(), StringComparer.Ordinal);

    /// <summary>The values of the data file.</summary>
    public static PlannerConstants Default { get; } = new(DefaultValues());

    public double this[Constant name] => values[(int)name];

    /// <summary>The constants with some of them replaced, by name.</summary>
    /// <exception cref="ArgumentException">A name is not a constant's, or a value is beyond its bounds.</exception>
    public PlannerConstants With(IReadOnlyDictionary<string, double> overrides)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        if (overrides.Count == 0)
        {
            return this;
        }

        var copy = (double[])values.Clone();
        foreach (var (name, value) in overrides)
        {
            if (Violation(name, value) is { } violation)
            {
                throw new ArgumentException(violation, nameof(overrides));
            }

            copy[(int)Enum.Parse<Constant>(name)] = value;
        }

        return new PlannerConstants(copy);
    }

    /// <summary>The constants with one of them multiplied.</summary>
    public PlannerConstants Scaled(Constant name, double factor)
    {
        var copy = (double[])values.Clone();
        copy[(int)name] *= factor;
        return new PlannerConstants(copy);
    }

    /// <summary>The constant of this name, letter case included; null when there is none.</summary>
    public static DocumentedConstant? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>What is wrong with an override, as a sentence; null when nothing is.</summary>
    public static string? Violation(string name, double value) => Find(name) switch
    {
        null => $"'{name}' is not one of the planner's constants; known are {string.Join(", ", ByName.Keys)}.",
        { } known when !known.Allows(value) => $"{name} is {value.ToString(CultureInfo.InvariantCulture)}; it must be {known.Range}; leave it out to keep {known.DefaultText}.",
        _ => null,
    };

    private static double[] DefaultValues()
    {
        var values = new double[Enum.GetValues<Constant>().Length];
        Array.Fill(values, double.NaN);
        foreach (var constant in Documented)
        {
            values[(int)constant.Name] = constant.Value;
        }

        var missing = Array.FindIndex(values, double.IsNaN);
        return missing < 0 ? values : throw new InvalidOperationException($"constants.csv lacks {(Constant)missing}.");
    }

    private static DocumentedConstant Parse(string line)
    {
        var fields = line.Split(',', 7);
        return new(Enum.Parse<Constant>(fields[0]), Number(fields[1]), fields[2] == "whole", Number(fields[3]), Number(fields[4]), fields[5], fields[6]);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
