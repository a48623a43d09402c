namespace Leanserve.Simulation;

/// <summary>
/// A discrete-event simulation of one replica: requests are prepared, wait for a place, their prompts are computed in pieces beside the others' next tokens, and
/// they leave after their last token. It judges the planner's queueing formulas and shares only the cost of a step with them.
/// </summary>
/// <remarks>
/// It advances by runs of steps in which the same requests do the same things: there the cost of a step grows evenly with the slots, so a run's length is a
/// sum of a series, and the step in which somebody arrives is the root of a quadratic equation.
/// </remarks>
public sealed class EngineSimulator
{
    // Of sums of tokens that steps with drafts gain.
    private const double Rounding = 1e-6;

    private readonly SimulatedReplica replica;
    private readonly StepCost cost;
    private readonly List<SimulatedRequest> requests;
    private readonly double[] firstToken;
    private readonly double[] answer;
    private readonly Queue<int> waiting = new();
    private readonly List<PromptInComputation> prompts = [];
    private readonly PriorityQueue<int, double> answers = new();
    private readonly double before;
    private double now;
    private double tokensTaken;
    private double answerSlots;
    private double busySeconds;
    private double serviceSeconds;
    private int arrived;

    private EngineSimulator(SimulatedReplica replica, List<SimulatedRequest> requests)
    {
        this.replica = replica;
        this.requests = requests;
        cost = new StepCost(replica);
        firstToken = new double[requests.Count];
        answer = new double[requests.Count];
        Array.Fill(firstToken, double.NaN);
        Array.Fill(answer, double.NaN);
        before = replica.Shape.SecondsBefore + replica.Cost.Profile.SecondsPerRequest;
    }

    private int InService => prompts.Count + answers.Count;

    /// <summary>Simulates until all requests have left.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="requests">In order of arrival.</param>
    /// <param name="warmUp">The first so many requests, which find the replica emptier than usual, are left out of the figures.</param>
    public static SimulatedLatencies Run(SimulatedReplica replica, IEnumerable<SimulatedRequest> requests, int warmUp = 0)
    {
        var simulator = new EngineSimulator(replica, [.. requests]);
        simulator.Run();
        return new SimulatedLatencies(simulator.firstToken[warmUp..], simulator.answer[warmUp..])
        {
            Busy = simulator.busySeconds / simulator.now,
            MeanInService = simulator.serviceSeconds / simulator.now,
        };
    }

    private void Run()
    {
        while (true)
        {
            TakeArrivals();
            Admit();
            if (InService > 0)
            {
                TakeSteps();
            }
            else if (arrived < requests.Count)
            {
                now = requests[arrived].ArrivalSeconds + before;
            }
            else
            {
                return;
            }
        }
    }

    private void TakeArrivals()
    {
        for (; arrived < requests.Count && requests[arrived].ArrivalSeconds + before <= now; arrived++)
        {
            // Whoever came during a run of steps held it up, also where the last of those in service has left with it.
            if (requests[arrived].ArrivalSeconds + before < now && replica.Cost.Profile.HoldsUpOthers)
            {
                Pass(replica.Cost.Profile.SecondsPerRequest);
            }

            if (waiting.Count < replica.MaxQueuedRequests + Math.Max(replica.MaxConcurrentRequests - InService, 0))
            {
                waiting.Enqueue(arrived);
            }
        }
    }

    private void Admit()
    {
        while (InService < replica.MaxConcurrentRequests && waiting.TryDequeue(out var request))
        {
            prompts.Add(new PromptInComputation(request, requests[request].PromptTokens));
        }
    }

    private void TakeSteps()
    {
        ShareChunk();
        var answering = prompts.Count > 0 && !replica.Cost.Profile.MixesPrompts ? 0 : answers.Count;
        var first = cost.Seconds(answering, answerSlots, prompts, 0);
        var growth = cost.Seconds(answering, answerSlots, prompts, 1) - first;
        var steps = StepsUntilArrival(StepsUntilChange(answering), first, growth);
        var seconds = SecondsOf(steps, first, growth);
        Pass(seconds);
        Answer(answering, steps);
        ComputePrompts(steps);
    }

    private void Pass(double seconds)
    {
        now += seconds;
        busySeconds += seconds;
        serviceSeconds += seconds * InService;
    }

    // A step computes a chunk of prompt tokens, shared evenly; what a short rest leaves goes to the others.
    private void ShareChunk()
    {
        var budget = replica.Cost.ChunkTokens;
        for (var i = 0; i < prompts.Count; i++)
        {
            prompts[i].Piece = Math.Min(prompts[i].Left, budget / (prompts.Count - i));
            budget -= prompts[i].Piece;
        }
    }

    private int StepsUntilChange(int answering)
    {
        var steps = answering > 0 ? ((answers.TryPeek(out _, out var last) ? last : 0) - tokensTaken) / replica.Shape.TokensGainedBeside(answering) : double.MaxValue;
        foreach (var prompt in prompts)
        {
            steps = Math.Min(steps, Math.Floor(prompt.Left / prompt.Piece));
        }

        return (int)Math.Max(1, Math.Ceiling(steps - Rounding));
    }

    private int StepsUntilArrival(int most, double first, double growth)
    {
        if (most == 1 || arrived == requests.Count || InService == replica.MaxConcurrentRequests)
        {
            return most;
        }

        var left = requests[arrived].ArrivalSeconds + before - now;
        if (SecondsOf(most - 1, first, growth) < left)
        {
            return most;
        }

        // m·first + growth·m(m − 1)/2 = left
        var slope = first - (growth / 2);
        var steps = growth > 1e-12 * first ? (Math.Sqrt((slope * slope) + (2 * growth * left)) - slope) / growth : left / first;
        return (int)Math.Clamp(Math.Ceiling(steps), 1, most);
    }

    private static double SecondsOf(int steps, double first, double growth) => (steps * first) + (growth * steps * (steps - 1) / 2);

    private void Answer(int answering, int steps)
    {
        if (answering == 0)
        {
            return;
        }

        var shape = replica.Shape;
        var tokens = steps * shape.TokensGainedBeside(answering);
        tokensTaken += tokens;
        answerSlots += tokens * answering * shape.SlotsPerOutputToken;
        while (answers.TryPeek(out var request, out var last) && last <= tokensTaken + Rounding)
        {
            answers.Dequeue();
            answer[request] = now - requests[request].ArrivalSeconds;
            answerSlots -= requests[request].PromptTokens + ((TokensAfterFirst(request) + tokensTaken - last) * shape.SlotsPerOutputToken);
        }

        answerSlots = answers.Count == 0 ? 0 : answerSlots;
    }

    private void ComputePrompts(int steps)
    {
        for (var i = prompts.Count - 1; i >= 0; i--)
        {
            var prompt = prompts[i];
            prompt.Computed += steps * prompt.Piece;
            prompt.Left -= steps * prompt.Piece;
            if (prompt.Left > 1e-9)
            {
                continue;
            }

            prompts.RemoveAt(i);
            firstToken[prompt.Request] = now - requests[prompt.Request].ArrivalSeconds;
            var more = TokensAfterFirst(prompt.Request);
            if (more == 0)
            {
                answer[prompt.Request] = firstToken[prompt.Request];
                continue;
            }

            answers.Enqueue(prompt.Request, tokensTaken + more);
            answerSlots += requests[prompt.Request].PromptTokens;
        }
    }

    // The prompt's last step draws the first token.
    private double TokensAfterFirst(int request) => requests[request].OutputTokens - 1;
}
