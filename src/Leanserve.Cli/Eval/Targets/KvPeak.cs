using System.Globalization;

namespace Leanserve.Cli.Eval.Targets;

/// <summary>The most KV memory that a Leanserve runtime has used, from its metrics; null for every other server.</summary>
internal sealed class KvPeak(HttpClient http, Uri endpoint)
{
    private const string Metric = "leanserve_kv_bytes{state=\"peak\"} ";

    private bool isMissing;

    /// <summary>Bytes since the server started.</summary>
    public async Task<long?> ReadAsync(CancellationToken cancellationToken)
    {
        if (isMissing)
        {
            return null;
        }

        try
        {
            var text = await http.GetStringAsync(new Uri($"{endpoint.ToString().TrimEnd('/')}/../metrics"), cancellationToken).ConfigureAwait(false);
            var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(Metric, StringComparison.Ordinal));
            isMissing = line is null;
            return line is null ? null : (long)double.Parse(line[Metric.Length..], CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException)
        {
            isMissing = true;
            return null;
        }
    }
}
