using Leanserve.Planner;
using Spectre.Console;

namespace Leanserve.Cli.Plans;

/// <summary>The choice's own figures, in the order in which people ask for them.</summary>
internal static class SelectedFigures
{
    public static Grid Of(DeploymentPlan plan)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var answer in PlanAnswers.Of(plan))
        {
            grid.AddRow(new Markup($"[bold]{answer.Question}[/]"), new Text(answer.Text));
        }

        return grid;
    }
}
