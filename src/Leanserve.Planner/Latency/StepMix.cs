namespace Leanserve.Planner;

/// <summary>Of what the average step consists with a fixed number of requests in service, for one number after the other.</summary>
/// <remarks>
/// A closed network of two stations on a clock that ticks once a step: prompts share a chunk a step, answers take a token each. Its states have a product form
/// whatever the lengths (Baskett, Chandy, Muntz, Palacios, JACM 22(2), 1975); what it completes with n requests is what a replica completes while n are in
/// service (Chandy, Herzog, Woo, IBM J. Res. Dev. 19(1), 1975).
/// </remarks>
internal struct StepMix(EngineCost cost, RequestShape shape)
{
    private readonly double chunks = cost.Chunks(shape);
    private readonly double fill = Math.Max(shape.PromptTokens / cost.ChunkTokens, 0);
    private int requests;
    private double answersBesidePrompts;

    /// <summary>Share of the steps without a prompt.</summary>
    public double WithoutPrompts { get; private set; } = 1;

    /// <summary>Requests completed a step.</summary>
    public double Completions { get; private set; }

    /// <summary>Answers in a step with prompts.</summary>
    public readonly double AnswersBeside => WithoutPrompts < 1 ? answersBesidePrompts / (1 - WithoutPrompts) : 0;

    /// <summary>One request more.</summary>
    public void Add()
    {
        // Weights of states: all of n answer, and at least one has its prompt computed, relative to those of one request less.
        var answering = WithoutPrompts * shape.Steps(requests + 1) / (requests + 1);
        var prompting = (fill * (1 - WithoutPrompts)) + (chunks * WithoutPrompts);
        var beside = (fill * answersBesidePrompts) + (chunks * WithoutPrompts * requests);
        Completions = 1 / (answering + prompting);
        WithoutPrompts = answering * Completions;
        answersBesidePrompts = beside * Completions;
        requests++;
    }

    /// <summary>Seconds of the average step, the share of time in steps with prompts, and how many are in these.</summary>
    /// <param name="withoutPrompts">Seconds of a step in which all requests take their next token.</param>
    public readonly (double StepSeconds, double PromptShare, double Prompts) Average(double withoutPrompts)
    {
        var seconds = WithoutPrompts * withoutPrompts;
        var share = 1 - WithoutPrompts;
        if (share <= 0)
        {
            return (seconds, 0, 0);
        }

        var tokens = Completions * shape.PromptTokens / share;
        var prompts = requests - AnswersBeside;
        var work = new StepWork(
            AnswersBeside,
            AnswersBeside * shape.MeanOwnSlots,
            prompts,
            tokens,
            prompts * shape.PromptTokens * (chunks - 1) / (2 * chunks),
            tokens * shape.PromptTokens / 2,
            Completions / share);
        var withPrompts = share * cost.StepSeconds(shape, work);
        return (seconds + withPrompts, withPrompts / (seconds + withPrompts), prompts);
    }
}
