namespace Leanserve.Planner;

/// <summary>How long a request whose prompt is one chunk, and that finds a certain number in service, waits for its first token: the rest of the running step, and the next one.</summary>
/// <remarks>
/// All who arrive in one step join the next together. There they share what a step costs anyway, its reading of the weights above all, and each adds what it costs
/// alone, its attention above all; where they ask for more than the chunk holds, it takes several steps. Of those found, each is in its prompt's step for one of
/// all its steps. A step with prompts is the longer the more there are, and the more arrive in it, whose step is longer still: a branching process with a mean of
/// ρ offspring, so that the number in a step varies by 1/(1 − ρ²) times a Poisson number's, and the number that joins after it is taken for negative binomial.
/// </remarks>
internal readonly struct OneChunkTime
{
    private const double MostBusy = 0.95;
    private const double Negligible = 1e-7;

    // Of a number as even as a Poisson one.
    private const double Even = 1e9;

    private readonly double packed;
    private readonly int most;
    private readonly double alone;
    private readonly double further;
    private readonly double promptShare;
    private readonly RunningStep plain;
    private readonly RunningStep withPrompts;

    /// <param name="load">The load.</param>
    /// <param name="others">Requests found in service.</param>
    public OneChunkTime(in ServiceLoad load, int others)
    {
        (packed, most) = (load.FullChunks, load.Curve.Limit - 1);
        alone = load.PromptSeconds(others);
        if (others == 0)
        {
            return;
        }

        further = load.Curve.FurtherPromptSeconds(others + 1);
        var step = load.Curve.StepSeconds(others);
        var offspring = Math.Min(load.Arrivals * further, MostBusy);
        var overdispersion = 1 / (1 - (offspring * offspring));
        var prompting = 1 / (1 + load.Curve.Shape.Steps(others));
        var prompts = others * prompting;
        var none = Math.Pow(1 - prompting, others);
        var pairs = others == 1 ? 0 : prompts * (((others - 1) * prompting) + ((1 - prompting) * (overdispersion - 1)));
        // As seen by arrivals: a longer step is found more often.
        var seconds = (alone * (1 - none)) + (further * (prompts - (1 - none)));
        var beside = Math.Max((((alone * prompts) + (further * pairs)) / seconds) - 1, 0);
        promptShare = seconds / (seconds + (none * step));
        var promptStep = alone + (Math.Min(beside, (1 / packed) - 1) * further);
        var steps = promptStep / further;
        plain = new RunningStep(step, Even, load);
        withPrompts = new RunningStep(promptStep, beside > 0 ? Math.Min(steps * steps / (beside * overdispersion), Even) : Even, load);
    }

    /// <summary>Probability that the first token comes within so many seconds of joining.</summary>
    public double Within(double seconds)
    {
        var slack = seconds - alone;
        return slack < 0 ? 0
            : plain.Seconds <= 0 || double.IsPositiveInfinity(slack) ? 1
            : ((1 - promptShare) * WithinAfter(plain, slack)) + (promptShare * WithinAfter(withPrompts, slack));
    }

    // After the rest of a step, over the number of others that join with this request. The more join, the longer the step was.
    private double WithinAfter(in RunningStep running, double slack)
    {
        var (share, left, exactly) = (0.0, 1.0, running.NoneJoins);
        var scale = 1 / (running.Joining + running.Evenness);
        for (var others = 0; left > Negligible; others++)
        {
            // No more than have places.
            exactly = others < most ? exactly : left;
            var furtherSteps = Math.Ceiling((others + 1) * packed) - 1;
            var rest = slack - (others * further) - (furtherSteps * (alone - further));
            if (rest <= 0)
            {
                break;
            }

            var length = (others + running.Evenness) * scale;
            var longest = running.Seconds * length;
            share += rest < longest ? exactly * rest / longest : exactly;
            left -= exactly;
            exactly *= running.Joining * length / (others + 1);
        }

        return share;
    }

    // A step that a request may find, and the negative binomial number that joins after it: its mean, its parameter, and the probability of none.
    private readonly struct RunningStep
    {
        public RunningStep(double seconds, double evenness, in ServiceLoad load)
        {
            (Seconds, Evenness) = (seconds, evenness);
            var busy = Math.Min(load.Arrivals * seconds * load.FullChunks, MostBusy);
            Joining = Math.Min(load.Arrivals * seconds * (1 + (busy / (1 - busy) / 2)), load.Curve.Limit - 1);
            NoneJoins = Math.Exp(evenness < Even ? -evenness * Math.Log(1 + (Joining / evenness)) : -Joining);
        }

        public double Seconds { get; }

        public double Evenness { get; }

        public double Joining { get; }

        public double NoneJoins { get; }
    }
}
