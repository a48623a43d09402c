using System.Globalization;
using System.Text;
using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>A CSV of loads, with measurements where known. Its own columns are kept as they are when predictions are added.</summary>
public sealed class LoadTable
{
    private static readonly string[] Needed =
    [
        "parameters", "layers", "hidden", "heads", "kv_heads", "head_dim", "ffn", "vocab", "weight_bytes_per_param", "gpu_memory_gb", "gpu_bandwidth_gb_s",
        "gpu_dense_fp16_tflops", "engine", "concurrency", "qps", "input_tokens", "output_tokens",
    ];

    private readonly List<string> lines = [];
    private readonly List<LoadRow> rows = [];
    private readonly List<string> violations = [];
    private readonly Dictionary<string, int> columns;
    private readonly string header;

    private LoadTable(string header)
    {
        this.header = header;
        columns = Csv.Fields(header).Select((name, index) => (Name: name.Trim(), index)).GroupBy(pair => pair.Name).ToDictionary(group => group.Key, group => group.First().index);
    }

    public IReadOnlyList<LoadRow> Rows => rows;

    /// <summary>Everything wrong with the file, by line.</summary>
    public IReadOnlyList<string> Violations => violations;

    public static LoadTable Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var all = text.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var table = new LoadTable(all[0].TrimStart('\uFEFF'));
        var missing = Needed.Where(name => !table.columns.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            table.violations.Add($"line 1: missing the columns {string.Join(", ", missing)}; the first line must name them.");
            return table;
        }

        for (var i = 1; i < all.Count; i++)
        {
            if (all[i].Length > 0)
            {
                table.Add(all[i], i + 1);
            }
        }

        return table;
    }

    /// <summary>The file's text with <c>predicted_ttft_ms</c>, <c>predicted_itl_ms</c> and <c>predicted_saturated</c> added to each row.</summary>
    public string WithPredictions(IReadOnlyList<PredictedLoad> predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        var text = new StringBuilder(header).Append(",predicted_ttft_ms,predicted_itl_ms,predicted_saturated\n");
        for (var i = 0; i < rows.Count; i++)
        {
            var predicted = predictions[i];
            text.Append(CultureInfo.InvariantCulture, $"{lines[i]},{predicted.TimeToFirstTokenSeconds * 1e3:0.###},{predicted.InterTokenSeconds * 1e3:0.###},{(predicted.Saturated ? "yes" : "no")}\n");
        }

        return text.ToString();
    }

    private void Add(string line, int number)
    {
        var fields = Csv.Fields(line);
        var found = violations.Count;
        var load = new MeasuredLoad
        {
            Geometry = Geometry(fields, number),
            Precision = Required(fields, "weight_bytes_per_param", number) switch
            {
                >= 3 => WeightPrecision.Float32,
                >= 1.5 => WeightPrecision.Float16,
                >= 0.75 => WeightPrecision.Int8,
                _ => WeightPrecision.Int4,
            },
            MemoryBytes = (long)(Required(fields, "gpu_memory_gb", number) * 1024 * 1024 * 1024),
            BandwidthBytesPerSecond = Required(fields, "gpu_bandwidth_gb_s", number) * 1e9,
            FlopsPerSecond = Required(fields, "gpu_dense_fp16_tflops", number) * 1e12,
            PromptTokens = Required(fields, "input_tokens", number),
            OutputTokens = Required(fields, "output_tokens", number),
            Concurrency = Optional(fields, "concurrency", number),
            QueriesPerSecond = Optional(fields, "qps", number),
        };
        if (load.Concurrency is null && load.QueriesPerSecond is null)
        {
            violations.Add($"line {number}: neither concurrency nor qps is given; one of them says how the load arrives.");
        }

        if (violations.Count == found)
        {
            lines.Add(line);
            rows.Add(new LoadRow(load, Text(fields, "engine"), Text(fields, "gpu"), Measured(fields, "ttft_ms", number), Measured(fields, "itl_ms", number), Saturated(fields)));
        }
    }

    private ModelGeometry Geometry(IReadOnlyList<string> fields, int number) => new()
    {
        Parameters = (long)Required(fields, "parameters", number),
        Layers = (int)Required(fields, "layers", number),
        HiddenSize = (int)Required(fields, "hidden", number),
        AttentionHeads = (int)Required(fields, "heads", number),
        KeyValueHeads = (int)Required(fields, "kv_heads", number),
        HeadSize = (int)Required(fields, "head_dim", number),
        IntermediateSize = (int)Required(fields, "ffn", number),
        VocabularySize = (int)Required(fields, "vocab", number),
        MaxContextTokens = int.MaxValue,
    };

    private double? Measured(IReadOnlyList<string> fields, string column, int number) => columns.ContainsKey(column) ? Optional(fields, column, number) : null;

    private bool? Saturated(IReadOnlyList<string> fields) => Text(fields, "saturated") switch { "yes" => true, "no" => false, _ => null };

    private double Required(IReadOnlyList<string> fields, string column, int number)
    {
        if (Optional(fields, column, number) is { } value)
        {
            return value;
        }

        if (Text(fields, column).Length == 0)
        {
            violations.Add($"line {number}: {column} is empty; it is needed.");
        }

        return 1;
    }

    private double? Optional(IReadOnlyList<string> fields, string column, int number)
    {
        var text = Text(fields, column);
        if (text.Length == 0)
        {
            return null;
        }

        if (double.TryParse(text, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value))
        {
            return value;
        }

        violations.Add($"line {number}: {column} is '{text}'; it must be a number above 0.");
        return null;
    }

    private string Text(IReadOnlyList<string> fields, string column) =>
        columns.TryGetValue(column, out var index) && index < fields.Count ? fields[index].Trim() : "";
}
