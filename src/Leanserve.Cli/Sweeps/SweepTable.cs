using System.Globalization;
using System.Text;

namespace Leanserve.Cli.Sweeps;

/// <summary>A sweep as CSV, one line for each point.</summary>
internal static class SweepTable
{
    public static string Csv(StrategySweep sweep)
    {
        var csv = new StringBuilder($"{sweep.X.Axis.Name},{sweep.Y.Axis.Name},knowledge,decoding,precision,replicas,oae_score,usd_per_million_tokens,usd_per_month,adoption_affordable,reason\n");
        foreach (var cell in sweep.Cells)
        {
            var figures = cell.Selected is { Oae: { } oae } selected
                ? $"{selected.Knowledge},{selected.Decoding},{selected.Precision},{selected.Replicas},{Number(oae.Score)},{Number(oae.UsdPerMillionTokens)},{Number(oae.Cost.TotalUsd)},{(cell.AdoptionAffordable ? "true" : "false")},"
                : $",,,,,,,,{cell.Reason}";
            csv.Append(Number(cell.X)).Append(',').Append(Number(cell.Y)).Append(',').Append(figures).Append('\n');
        }

        return csv.ToString();
    }

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
