using System.Globalization;

namespace Leanserve.Planner;

/// <summary>The planner's constants, each with its unit and its source or the word <i>judgement</i>.</summary>
public sealed class PlannerConstants
{
    private readonly double[] values;

    private PlannerConstants(double[] values) => this.values = values;

    /// <summary>Every constant with value, unit and source, in the order of the data file.</summary>
    public static IReadOnlyList<DocumentedConstant> Documented { get; } = [.. EmbeddedData.Lines("constants.csv").Skip(1).Select(Parse)];

    /// <summary>The values of the data file.</summary>
    public static PlannerConstants Default { get; } = new(DefaultValues());

    public double this[Constant name] => values[(int)name];

    /// <summary>The constants with some of them replaced, by name.</summary>
    /// <exception cref="ArgumentException">A name is not a constant's, or a value is negative or not finite.</exception>
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

    /// <summary>What is wrong with an override, as a sentence; null when nothing is.</summary>
    public static string? Violation(string name, double value)
    {
        if (!Enum.TryParse<Constant>(name, out var constant) || constant.ToString() != name)
        {
            return $"'{name}' is not one of the planner's constants; known are {string.Join(", ", Enum.GetNames<Constant>())}.";
        }

        return value >= 0 && double.IsFinite(value) ? null : $"{name} is {value}; it must be a number of at least 0.";
    }

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
        var fields = line.Split(',', 4);
        return new(Enum.Parse<Constant>(fields[0]), double.Parse(fields[1], CultureInfo.InvariantCulture), fields[2], fields[3]);
    }
}

/// <summary>A constant as the data file documents it.</summary>
public sealed record DocumentedConstant(Constant Name, double Value, string Unit, string Source);
