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
            foreach (var line in File.ReadLines(path))
            {
                Keep(line);
            }
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

    private void Keep(string line)
    {
        try
        {
            if (!string.IsNullOrWhiteSpace(line) && JsonSerializer.Deserialize<EvalResult>(line, QuestionLine.Json) is { } result)
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
