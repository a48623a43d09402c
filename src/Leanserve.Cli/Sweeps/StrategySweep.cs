using Leanserve.Planner;

namespace Leanserve.Cli.Sweeps;

/// <summary>The choice at every point of a grid over two figures of one deployment.</summary>
internal sealed record StrategySweep(PlanInput Input, SweepRange X, SweepRange Y, SweepCell[,] Cells)
{
    public int Columns => Cells.GetLength(0);

    public int Rows => Cells.GetLength(1);

    /// <summary>Plans every point, on all cores.</summary>
    /// <param name="input">The deployment.</param>
    /// <param name="x">What varies from column to column.</param>
    /// <param name="y">What varies from row to row.</param>
    /// <param name="columns">Columns of the grid.</param>
    /// <param name="rows">Rows of the grid.</param>
    /// <param name="done">Told of every point that is done, from any thread.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static StrategySweep Run(PlanInput input, SweepRange x, SweepRange y, int columns, int rows, Action done, CancellationToken cancellationToken)
    {
        var cells = new SweepCell[columns, rows];
        Parallel.For(0, columns * rows, new ParallelOptions { CancellationToken = cancellationToken }, index =>
        {
            var (column, row) = (index % columns, index / columns);
            cells[column, row] = Cell(input, x, y, x.Middle(column, columns), y.Middle(row, rows));
            done();
        });
        return new StrategySweep(input, x, y, cells);
    }

    private static SweepCell Cell(PlanInput input, SweepRange x, SweepRange y, double atX, double atY)
    {
        var plan = DeploymentPlanner.ChooseBriefly(y.Axis.Change(x.Axis.Change(input, atX), atY));
        return new SweepCell(atX, atY, plan.Selected, plan.AdoptionAffordable?.Holds ?? false, plan.Selected is null ? plan.Candidates[0].Reason : null);
    }
}
