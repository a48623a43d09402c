using Leanserve.Contracts;
using Leanserve.Engine;
using Leanserve.Onnx.Reader;
using Leanserve.Onnx.Tests.Support;

namespace Leanserve.Onnx.Tests.Reader;

/// <summary>An engine over the reader, which takes documents and a question as its chat format writes them.</summary>
internal sealed class ReaderSession : IAsyncDisposable
{
    private static readonly Dictionary<WeightPrecision, Lazy<string>> Folders = new()
    {
        [WeightPrecision.Float32] = new(() => Write(WeightPrecision.Float32)),
        [WeightPrecision.Int4] = new(() => Write(WeightPrecision.Int4)),
    };

    private readonly InferenceEngine _engine;

    public ReaderSession(WeightPrecision precision)
    {
        Folder = ModelFolder.Open(Folders[precision].Value);
        var limits = new EngineLimits { KvSlots = 8192, MaxConcurrentRequests = 8, MaxOutputTokens = 256 };
        var runner = Folder.CreateRunner(new OnnxRunnerOptions { KvSlots = limits.KvSlots, Threads = 1 });
        _engine = new InferenceEngine(runner, Folder.Tokenizer, new EngineOptions { Limits = limits }, TimeProvider.System);
    }

    public ModelFolder Folder { get; }

    public async Task<string> AskAsync(string documents, string question) => await AnswerAsync(ChatPrompt(documents, question));

    public async Task<string> AnswerAsync(IReadOnlyList<int> prompt) => (await RunAsync(prompt)).Text();

    public async Task<Answer> RunAsync(IReadOnlyList<int> prompt, SamplingOptions? sampling = null, BeamSearchOptions? beam = null) =>
        await _engine.AskAsync(new GenerationRequest
        {
            PromptTokens = prompt,
            MaxTokens = 64,
            Sampling = sampling ?? new SamplingOptions { Temperature = 0 },
            Beam = beam,
            TopLogProbabilities = 3,
        });

    public List<int> ChatPrompt(string documents, params string[] turns)
    {
        List<int> prompt = [Folder.Tokenizer.BeginToken!.Value];
        if (documents.Length > 0)
        {
            prompt.AddRange([.. Markup("<|system|>"), .. Folder.Tokenizer.Encode(documents), .. Markup("<|end|>")]);
        }

        for (int i = 0; i < turns.Length; i++)
        {
            prompt.AddRange([.. Markup(i % 2 == 0 ? "<|user|>" : "<|assistant|>"), .. Folder.Tokenizer.Encode(turns[i]), .. Markup("<|end|>")]);
        }

        prompt.AddRange(Markup("<|assistant|>"));
        return prompt;
    }

    public IReadOnlyList<int> Markup(string text) => Folder.Tokenizer.Encode(text, parseSpecialTokens: true);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static string Write(WeightPrecision precision)
    {
        string path = TinyModel.NewFolder();
        ReaderModel.Write(path, precision);
        return path;
    }
}
