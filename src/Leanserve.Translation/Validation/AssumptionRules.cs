using Leanserve.Planner;

namespace Leanserve.Translation.Validation;

/// <summary>What an override of one of the planner's constants may be, wherever it is written.</summary>
internal static class AssumptionRules
{
    /// <summary>What is wrong with an override; null when nothing is.</summary>
    /// <param name="path">The field that holds it.</param>
    /// <param name="name">The constant's name.</param>
    /// <param name="text">Its value as written.</param>
    public static Violation? Check(string path, string name, string text)
    {
        if (PlannerConstants.Find(name) is not { } constant)
        {
            return new Violation(path, Shown.Text(text), "is not one of the planner's constants", NearestName.Remedy(name, Enum.GetNames<Constant>()));
        }

        return WireNumber.Decimal(text) is { } value && constant.Allows(value)
            ? null
            : new Violation(path, Shown.Text(text), $"must be {constant.Range}", $"Write such a number, or remove it to keep the documented {constant.DefaultText}");
    }
}
