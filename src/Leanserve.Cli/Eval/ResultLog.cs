using System.Text.Json;
using Leanserve.Cli.Eval.Questions;

namespace Leanserve.Cli.Eval;

/// <summary>The results as a file of JSON lines, written as they come: an interrupted run has lost nothing.</summary>
internal sealed class ResultLog : IDisposable
{
    private readonly StreamWriter writer;
    private readonly Lock gate = new();
    private readonly Dictionary<string, EvalResult> results = new(StringComparer.Ordinal);

    private ResultLog(string path, bool resume)
    {
        Path = path;
        if (resume)
        {
            Keep(File.ReadLines(path), results);
        }

        writer = new StreamWriter(new FileStream(path, resume ? FileMode.Append : FileMode.CreateNew, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
        if (resume)
        {
            // The last line may be half a line, where the power went.
            writer.WriteLine();
        }
    }

    public string Path { get; }

    /// <summary>All results so far, of earlier runs too.</summary>
    public IReadOnlyList<EvalResult> Results
    {
        get
        {
            lock (gate)
            {
                return [.. results.Values];
            }
        }
    }

    /// <summary>Opens the file of an earlier run to go on with, or a new one.</summary>
    /// <exception cref="IOException">A new file that exists, or an earlier one that does not.</exception>
    public static ResultLog Open(string path, bool resume) => new(path, resume);

    /// <summary>The results in the file of an earlier run.</summary>
    /// <exception cref="IOException">There is no such file.</exception>
    public static IReadOnlyList<EvalResult> Read(string path)
    {
        var results = new Dictionary<string, EvalResult>(StringComparer.Ordinal);
        Keep(File.ReadLines(path), results);
        return [.. results.Values];
    }

    /// <summary>Whether the question has been answered already.</summary>
    public bool Holds(string key)
    {
        lock (gate)
        {
            return results.TryGetValue(key, out var result) && result.Error is null;
        }
    }

    public void Add(EvalResult result)
    {
        lock (gate)
        {
            results[result.Key] = result;
            writer.WriteLine(JsonSerializer.Serialize(result, QuestionLine.Json));
        }
    }

    public void Dispose() => writer.Dispose();

    private static void Keep(IEnumerable<string> lines, Dictionary<string, EvalResult> results)
    {
        foreach (var line in lines.Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            try
            {
                if (JsonSerializer.Deserialize<EvalResult>(line, QuestionLine.Json) is { } result)
                {
                    results[result.Key] = result;
                }
            }
            catch (JsonException)
            {
                // Half a line: its question is asked again.
            }
        }
    }
}
