using System.Threading.Channels;
using Leanserve.Engine.Grammars;
using Leanserve.Engine.Trie;

namespace Leanserve.Engine.Scheduling;

/// <summary>A request for text, from submission to its last event: what sampling and beam search have in common.</summary>
internal abstract class GenerationRun : ActiveRequest
{
    private readonly Channel<GenerationEvent> _events = Channel.CreateUnbounded<GenerationEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly TimeProvider _time;
    private readonly long _submitted;
    private long _admitted;
    private long _prefilled;
    private long? _firstToken;
    private int _cachedTokens;

    protected GenerationRun(GenerationRequest request, ITokenizer tokenizer, BranchSet branches, TimeProvider time)
        : base(branches)
    {
        Request = request;
        Tokenizer = tokenizer;
        StopTokens = request.StopTokens ?? tokenizer.EndTokens;
        Format = request.Format is { } format ? new FormatReader(format, tokenizer, StopTokens) : null;
        _time = time;
        _submitted = time.GetTimestamp();
    }

    public GenerationRequest Request { get; }

    public ChannelReader<GenerationEvent> Events => _events.Reader;

    public override IReadOnlyList<int> PromptTokens => Request.PromptTokens;

    /// <summary>The last token of the prompt, whose logits give the first token of the answer.</summary>
    public override int TokensToCompute => 1;

    /// <summary>Tokens drawn so far, end tokens included, over all choices.</summary>
    public int CompletionTokens { get; protected set; }

    protected ITokenizer Tokenizer { get; }

    protected IReadOnlySet<int> StopTokens { get; }

    /// <summary>The format that answers are held to, or null.</summary>
    protected FormatReader? Format { get; }

    public override void Start(TrieNode leaf, int cachedTokens)
    {
        base.Start(leaf, cachedTokens);
        _admitted = _time.GetTimestamp();
        _cachedTokens = cachedTokens;
    }

    public override void Fail(Exception exception)
    {
        IsFinished = true;
        _events.Writer.TryComplete(exception);
    }

    protected override void AfterPrefill(Branch branch, ReadOnlySpan<float> logits)
    {
        _prefilled = _time.GetTimestamp();
        Decoding.Add(branch);
        TakeLogits(branch, logits);
    }

    protected void Emit(GenerationEvent generationEvent)
    {
        _firstToken ??= _time.GetTimestamp();
        _events.Writer.TryWrite(generationEvent);
    }

    /// <param name="tokensPerChoice">Tokens drawn one after the other, for the mean time between them.</param>
    protected void Finish(int tokensPerChoice)
    {
        IsFinished = true;
        long now = _time.GetTimestamp();
        var decoding = _time.GetElapsedTime(_prefilled, now);
        var timings = new GenerationTimings(
            _time.GetElapsedTime(_submitted, _admitted),
            _time.GetElapsedTime(_submitted, _prefilled),
            _time.GetElapsedTime(_submitted, _firstToken ?? now),
            tokensPerChoice > 1 ? decoding / (tokensPerChoice - 1) : TimeSpan.Zero,
            _time.GetElapsedTime(_submitted, now));
        Emit(new GenerationFinished(new TokenUsage(PromptTokens.Count, _cachedTokens, CompletionTokens), timings));
        _events.Writer.TryComplete();
    }
}
