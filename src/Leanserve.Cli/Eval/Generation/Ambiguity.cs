namespace Leanserve.Cli.Eval.Generation;

/// <summary>How generated documents contradict themselves.</summary>
internal enum Ambiguity
{
    /// <summary>Each fact is stated once.</summary>
    None,

    /// <summary>Each fact is stated in two versions, the second in a later document; the later one is accepted.</summary>
    TwoVersions,

    /// <summary>
    /// Two documents state one version, two others two further ones that begin alike: the first words are a draw, but the version stated twice is the
    /// most probable whole answer. It is accepted: what greedy decoding can miss and beam search is for.
    /// </summary>
    SharedStart,
}
