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
    private const double Negligible = 1e-9;
    private const double Poisson = 1e9;

    private readonly double arrivals;
    private readonly double packed;
    private readonly int most;
    private readonly double alone;
    private readonly double further;
    private readonly double plainStep;
    private readonly double promptStep;
    private readonly double promptShare;
    private readonly double spread = Poisson;

    /// <param name="load">The load.</param>
    /// <param name="others">Requests found in service.</param>
    public OneChunkTime(in ServiceLoad load, int others)
    {
        (arrivals, packed, most) = (load.Arrivals, load.Fill, load.Curve.Limit - 1);
        alone = load.PromptSeconds(others);
        if (others == 0)
        {
            return;
        }

        further = load.Curve.FurtherPromptSeconds(others + 1);
        plainStep = load.Curve.StepSeconds(others);
        var offspring = Math.Min(arrivals * further, MostBusy);
        var overdispersion = 1 / (1 - (offspring * offspring));
        var prompting = 1 / (1 + load.Curve.Shape.Steps(others));
        var prompts = others * prompting;
        var none = Math.Pow(1 - prompting, others);
        var pairs = others == 1 ? 0 : prompts * (((others - 1) * prompting) + ((1 - prompting) * (overdispersion - 1)));
        // As seen by arrivals: a longer step is found more often.
        var seconds = (alone * (1 - none)) + (further * (prompts - (1 - none)));
        var beside = Math.Max((((alone * prompts) + (further * pairs)) / seconds) - 1, 0);
        promptShare = seconds / (seconds + (none * plainStep));
        promptStep = alone + (beside * further);
        if (offspring > 0 && beside > 0)
        {
            var steps = promptStep / further;
            spread = Math.Min(steps * steps / (beside * overdispersion), Poisson);
        }
    }

    /// <summary>Probability that the first token comes within so many seconds of joining.</summary>
    public double Within(double seconds)
    {
        var slack = seconds - alone;
        return slack < 0 ? 0
            : plainStep <= 0 || double.IsPositiveInfinity(slack) ? 1
            : ((1 - promptShare) * WithinAfter(plainStep, Poisson, slack)) + (promptShare * WithinAfter(promptStep, spread, slack));
    }

    // After the rest of a step, over the number of others that join with this request. The more join, the longer the step was.
    private double WithinAfter(double seconds, double number, double slack)
    {
        var busy = Math.Min(arrivals * seconds * packed, MostBusy);
        var joining = Math.Min(arrivals * seconds * (1 + (busy / (1 - busy) / 2)), most);
        var (share, left, exactly) = (0.0, 1.0, Math.Exp(-number * Math.Log(1 + (joining / number))));
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

            var length = (others + number) / (joining + number);
            share += exactly * Math.Min(rest / (seconds * length), 1);
            left -= exactly;
            exactly *= joining * length / (others + 1);
        }

        return share;
    }
}
