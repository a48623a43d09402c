namespace Leanserve.Benchmarks.Soak;

/// <summary>What became of the requests. Thread-safe.</summary>
/// <param name="notes">Told of the first errors and differences.</param>
internal sealed class SoakTally(TextWriter notes)
{
    private const int MaxNotes = 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<(int Kind, string Documents), Dictionary<string, int>> _answers = [];
    private readonly HashSet<string> _versions = new(StringComparer.Ordinal);
    private int _notes;

    public int Answered { get; private set; }

    /// <summary>Streams that the client left before their end.</summary>
    public int Left { get; private set; }

    /// <summary>Malformed requests, refused as they should be.</summary>
    public int Refused { get; private set; }

    /// <summary>Errors that the client did not cause.</summary>
    public int Errors { get; private set; }

    /// <summary>Answers held against those alone.</summary>
    public int Compared { get; private set; }

    /// <summary>Of these, answers that are not the same byte for byte.</summary>
    public int Different { get; private set; }

    /// <summary>Versions of the documents that answers came from.</summary>
    public int Versions => _versions.Count;

    /// <summary>Kinds that were answered from a version of the documents, or from none that changes.</summary>
    public IReadOnlyList<int> Asked(string documents) =>
        [.. _answers.Keys.Where(key => key.Documents == documents || key.Documents.Length == 0).Select(key => key.Kind).Distinct().Order()];

    /// <param name="kind">What was asked.</param>
    /// <param name="documents">Content hash of the changing source, empty where it had no part in the answer.</param>
    /// <param name="answer">All of the answer that must not depend on company.</param>
    public void Answer(int kind, string documents, string answer)
    {
        lock (_gate)
        {
            Answered++;
            if (documents.Length > 0)
            {
                _versions.Add(documents);
            }

            var answers = _answers.TryGetValue((kind, documents), out var known) ? known : _answers[(kind, documents)] = new(StringComparer.Ordinal);
            answers[answer] = answers.GetValueOrDefault(answer) + 1;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            Left++;
        }
    }

    public void Refuse()
    {
        lock (_gate)
        {
            Refused++;
        }
    }

    public void Fail(string what)
    {
        lock (_gate)
        {
            Errors++;
            Note(what);
        }
    }

    /// <summary>Holds all answers to a request against its answer alone; each is compared once.</summary>
    public void Compare(int kind, string documents, string alone)
    {
        lock (_gate)
        {
            if (!_answers.Remove((kind, documents), out var answers))
            {
                return;
            }

            foreach ((string answer, int count) in answers)
            {
                Compared += count;
                if (answer != alone)
                {
                    Different += count;
                    Note($"kind {kind}, {count} times:{Environment.NewLine}    {answer}{Environment.NewLine}    alone:{Environment.NewLine}    {alone}");
                }
            }
        }
    }

    private void Note(string what)
    {
        if (_notes++ < MaxNotes)
        {
            notes.WriteLine($"soak: {what}");
        }
    }
}
