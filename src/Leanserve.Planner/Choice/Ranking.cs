using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>Scores the candidates against one another, applies pins, selects, and words each verdict.</summary>
internal static class Ranking
{
    private const string Obstacle = "this runtime does not run it; consider another server for this load";

    public static DeploymentPlan Rank(PlanInput input, PlannerConstants constants, List<Candidate> candidates, int basis)
    {
        Score(candidates);
        var yardstick = basis >= 0 ? candidates[basis] : null;
        for (var i = 0; i < candidates.Count; i++)
        {
            candidates[i] = candidates[i].Technique switch
            {
                Technique.Native => Pinned(input, candidates[i], candidates),
                Technique.SpeculativeNGram => Drafting(input, Pinned(input, candidates[i], candidates), yardstick!),
                _ => candidates[i],
            };
        }

        // Where only drafts meet the objectives, they are what other techniques must beat.
        var drafting = candidates.FindAll(candidate => candidate is { Technique: Technique.SpeculativeNGram, Verdict: CandidateVerdict.Eligible });
        drafting.Sort(Order);
        yardstick = yardstick?.Verdict is CandidateVerdict.Rejected && drafting.Count > 0 ? drafting[0] : yardstick;
        for (var i = 0; i < candidates.Count; i++)
        {
            candidates[i] = candidates[i].Technique is Technique.Native or Technique.SpeculativeNGram ? candidates[i] : Compared(candidates[i], yardstick!);
        }

        var selected = Select(input, constants, candidates);
        var rival = selected is null ? null : Rival(candidates, selected);
        for (var i = 0; i < candidates.Count; i++)
        {
            candidates[i] = Worded(candidates[i], selected, input);
        }

        selected = candidates.Find(candidate => candidate.Verdict is CandidateVerdict.Selected);
        candidates.Sort(Order);
        var plan = new DeploymentPlan
        {
            Input = input,
            Selected = selected,
            Candidates = candidates,
            Summary = "",
            MarginPercent = rival is null ? null : ((selected!.Oae!.Score / rival.Oae!.Score) - 1) * 100,
        };
        return PlanFindings.Complete(plan with { Summary = SummarySentence.For(plan) }, constants);
    }

    /// <summary>The strategy that would be chosen if people's effort were counted by other constants: hardware, load and latency stay as they are.</summary>
    public static string Reselect(DeploymentPlan plan, PlannerConstants constants)
    {
        var recounted = plan.Candidates.Where(candidate => candidate.Verdict is not CandidateVerdict.Rejected)
            .Select(candidate => candidate with { Verdict = CandidateVerdict.Eligible, Oae = OverheadAwareEfficiency.Recount(plan.Input, candidate, constants) });
        return SummarySentence.Strategy(Select(plan.Input, constants, [.. recounted])!);
    }

    /// <summary>Whether a candidate would be chosen in place of the plan's own one of its technique.</summary>
    public static bool Wins(DeploymentPlan plan, Candidate candidate, PlannerConstants constants)
    {
        if (candidate.Verdict is CandidateVerdict.Rejected)
        {
            return false;
        }

        List<Candidate> rivals =
        [
            candidate,
            .. plan.Candidates.Where(other => other.Technique != candidate.Technique && other.Verdict is not CandidateVerdict.Rejected)
                .Select(other => other with { Verdict = CandidateVerdict.Eligible }),
        ];
        Score(rivals);
        return Select(plan.Input, constants, rivals)!.Technique == candidate.Technique;
    }

    /// <summary>The best eligible candidate of another strategy than the selected one's.</summary>
    public static Candidate? Rival(IEnumerable<Candidate> candidates, Candidate selected)
    {
        Candidate? best = null;
        foreach (var candidate in candidates)
        {
            var other = (candidate.Knowledge, candidate.Decoding, candidate.Technique) != (selected.Knowledge, selected.Decoding, selected.Technique);
            if (other && candidate.Verdict is CandidateVerdict.Eligible && (best is null || Order(candidate, best) < 0))
            {
                best = candidate;
            }
        }

        return best;
    }

    private static void Score(List<Candidate> candidates)
    {
        var cheapest = double.PositiveInfinity;
        foreach (var candidate in candidates)
        {
            cheapest = Math.Min(cheapest, candidate.Oae?.Cost.HardwareUsd ?? cheapest);
        }

        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates[i].Oae is { } oae)
            {
                candidates[i] = candidates[i] with { Oae = oae with { Score = OverheadAwareEfficiency.Score(oae, cheapest) } };
            }
        }
    }

    private static Candidate Pinned(PlanInput input, Candidate candidate, List<Candidate> all)
    {
        var knowledgeFits = input.Pins.Knowledge is not { } knowledge || knowledge == candidate.Knowledge;
        var decodingFits = input.Pins.Decoding is not { } decoding || decoding == candidate.Decoding;
        if (candidate.Verdict is CandidateVerdict.Rejected || (knowledgeFits && decodingFits))
        {
            return candidate;
        }

        var pins = knowledgeFits ? $"strategy.decoding: {input.Pins.Decoding} is pinned; set it"
            : decodingFits ? $"strategy.knowledge: {input.Pins.Knowledge} is pinned; set it"
            : $"strategy.knowledge: {input.Pins.Knowledge} and strategy.decoding: {input.Pins.Decoding} are pinned; set both";
        var best = all.Where(other => other.Verdict is not CandidateVerdict.Rejected && other.Technique is Technique.Native)
            .All(other => other.Oae!.Score <= candidate.Oae!.Score);
        return candidate with
        {
            Verdict = CandidateVerdict.Rejected,
            Reason = RejectionReason.NotPinned,
            Message = $"Meets the objectives with a score of {Wording.Digits(candidate.Oae!.Score)}{(best ? ", the best of all" : "")}, "
                + $"but {pins} to Auto to let it compete.",
        };
    }

    private static Candidate Compared(Candidate technique, Candidate basis)
    {
        if (technique.Verdict is CandidateVerdict.Rejected)
        {
            return technique;
        }

        var ratio = technique.Oae!.Score / basis.Oae!.Score;
        var speed = technique.Latency is { } mine && basis.Latency is { } its
            ? $"{Wording.Time(mine.Itl)} between tokens against {Wording.Time(its.Itl)}, "
            : "";
        var cost = $"{Wording.Usd(technique.Oae.UsdPerMillionTokens)} a million tokens against {Wording.Usd(basis.Oae.UsdPerMillionTokens)}, "
            + $"{Wording.Rough(technique.Oae.AdoptionEngineerWeeks)} engineer-weeks against {Wording.Rough(basis.Oae.AdoptionEngineerWeeks)}";
        var rescues = basis.Verdict is CandidateVerdict.Rejected;
        return technique with
        {
            Verdict = CandidateVerdict.Rejected,
            Reason = rescues || ratio > 1 ? RejectionReason.RuntimeUnsupported : RejectionReason.NoGain,
            Message = rescues
                ? $"Would meet the objectives where {basis.Name} does not ({speed}{cost}), but {Obstacle}."
                : ratio > 1
                ? $"Would win by {Wording.Percent(ratio - 1)} over {basis.Name} ({speed}{cost}), but {Obstacle}."
                : $"Loses {Wording.Percent(1 - ratio)} of the score against {basis.Name}: {speed}{cost}.",
        };
    }

    // Where answers repeat something, drafts compete like any strategy.
    private static Candidate Drafting(PlanInput input, Candidate drafting, Candidate basis) =>
        drafting.Verdict is CandidateVerdict.Rejected || input.Traffic.CopiedShare > 0
            ? drafting
            : drafting with
            {
                Verdict = CandidateVerdict.Rejected,
                Reason = RejectionReason.NoGain,
                Message = DraftsSaveNothing(drafting, basis),
            };

    // More replicas, or chance at the edge of an objective, can give them the higher score all the same.
    private static string DraftsSaveNothing(Candidate drafting, Candidate basis)
    {
        var behind = 1 - (drafting.Oae!.Score / basis.Oae!.Score);
        return (behind > 0 ? $"Loses {Wording.Percent(behind)} of the score against {basis.Name}: " : $"What it scores more than {basis.Name} is not by its drafts: ")
            + "it saves steps where answers repeat their prompt or documents, which none is known to do.";
    }

    private static Candidate? Select(PlanInput input, PlannerConstants constants, List<Candidate> candidates)
    {
        var eligible = candidates.FindAll(candidate => candidate.Verdict is CandidateVerdict.Eligible);
        eligible.Sort(Order);
        if (eligible.Count == 0 || input.Objectives.Exactness is not AnswerExactness.PreferExact)
        {
            return eligible.FirstOrDefault();
        }

        var exact = eligible.Find(candidate => candidate.Decoding is DecodingMode.BeamSearch);
        return exact is not null && exact.Oae!.Score >= (1 - constants[Constant.PreferExactTolerance]) * eligible[0].Oae!.Score ? exact : eligible[0];
    }

    private static Candidate Worded(Candidate candidate, Candidate? selected, PlanInput input)
    {
        if (candidate.Verdict is not CandidateVerdict.Eligible)
        {
            return candidate;
        }

        var oae = candidate.Oae!;
        var cost = $"{Wording.Usd(oae.Cost.TotalUsd)} a month all in on {candidate.Replicas} × {input.Node.Name}";
        if (ReferenceEquals(candidate, selected))
        {
            return candidate with { Verdict = CandidateVerdict.Selected, Reason = SelectedReason(input, candidate), Message = $"Chosen: {cost}." };
        }

        var behind = 1 - (oae.Score / selected!.Oae!.Score);
        return behind >= 0
            ? candidate with { Message = $"Meets the objectives, {Wording.Percent(behind)} behind {selected.Name}: {cost}." }
            : candidate with { Message = $"Scores {Wording.Percent(-behind)} more than {selected.Name}, but answerQuality is PreferExact: {cost}." };
    }

    private static string SelectedReason(PlanInput input, Candidate candidate) =>
        input.Pins.Knowledge is not null || input.Pins.Decoding is not null ? "Pinned"
        : candidate.Decoding is DecodingMode.BeamSearch && input.Objectives.Exactness is AnswerExactness.PreferExact ? "ExactPreferred"
        : "HighestScore";

    // Best first; ties go to fewer moving parts, then to the name.
    private static int Order(Candidate one, Candidate other)
    {
        var byVerdict = one.Verdict.CompareTo(other.Verdict);
        var byTechnique = byVerdict != 0 || one.Verdict is not CandidateVerdict.Rejected ? byVerdict : (one.Technique is not Technique.Native).CompareTo(other.Technique is not Technique.Native);
        var byProgress = byTechnique != 0 ? byTechnique : Progress(other).CompareTo(Progress(one));
        var byScore = byProgress != 0 ? byProgress : (other.Oae?.Score ?? -1).CompareTo(one.Oae?.Score ?? -1);
        var byParts = byScore != 0 ? byScore : one.Parts.Parts.Count.CompareTo(other.Parts.Parts.Count);
        return byParts != 0 ? byParts : string.CompareOrdinal(one.Name, other.Name);
    }

    /// <summary>Checks passed: among the rejected, the one that passed more is nearer to serving.</summary>
    public static int Progress(Candidate candidate) => candidate.Verdict is CandidateVerdict.Rejected ? RejectionReason.Order(candidate.Reason) : int.MaxValue;
}
