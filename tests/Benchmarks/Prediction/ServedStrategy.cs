using Leanserve.Contracts;
using Leanserve.Onnx;
using Leanserve.Planner;

namespace Leanserve.Benchmarks.Prediction;

/// <summary>One strategy as the planner predicts it and as the operator would have the server run it.</summary>
internal sealed record ServedStrategy(KnowledgeMode Knowledge, DecodingMode Decoding, WeightPrecision Precision)
{
    /// <summary>Tokens of an answer.</summary>
    public const int OutputTokens = 32;

    /// <summary>Words of a prompt; each is one token or a few.</summary>
    public const int PromptWords = 24;

    /// <summary>Tokens of a passage at most: with them, a prompt fits a chunk.</summary>
    public const int PassageTokens = 32;

    private const int PassageOverlapTokens = 8;

    // So many for retrieval that few questions share passages: those that do find them in the engine's cache, and prompts would be of very different lengths.
    private const int CachedDocumentTokens = 1000;
    private const int RetrievedDocumentTokens = 16_000;

    private static readonly string[] Syllables = [.. "tnsrlmdkpb".SelectMany(consonant => "aeiou".Select(vowel => $"{consonant}{vowel}"))];

    public string Name => $"{Knowledge}, {Decoding}, {Precision}";

    /// <summary>Made-up sentences; empty where the strategy knows no documents.</summary>
    public string Document(ModelFolder folder)
    {
        int tokens = Knowledge switch { KnowledgeMode.Cag => CachedDocumentTokens, KnowledgeMode.Rag => RetrievedDocumentTokens, _ => 0 };
        var random = new Random(1);
        var text = new System.Text.StringBuilder();
        for (int written = 0; written < tokens;)
        {
            string sentence = Words(random, 6) + ". ";
            text.Append(sentence);
            written += folder.Tokenizer.Encode(sentence).Count;
        }

        return text.ToString();
    }

    /// <summary>A prompt of made-up words, some of which stand in the document, so that retrieval finds passages.</summary>
    public static string Prompt(int number) => Words(new Random(number), PromptWords);

    /// <summary>What the planner says of the strategy.</summary>
    public Candidate Predict(ModelFolder folder, EngineProfile profile, Workload workload) => In(Plan(folder, profile, workload));

    /// <summary>The strategy's candidate in a plan.</summary>
    public Candidate In(DeploymentPlan plan) =>
        plan.Candidates.Single(candidate => candidate.Technique is Technique.Native && candidate.Knowledge == Knowledge && candidate.Decoding == Decoding);

    /// <summary>The plan of a deployment with the strategy pinned.</summary>
    public DeploymentPlan Plan(ModelFolder folder, EngineProfile profile, Workload workload) =>
        DeploymentPlanner.Choose(
            new PlanInput
            {
                EngineProfile = profile,
                Geometry = folder.Geometry,
                Weights = [new WeightVariant(Precision, folder.WeightsBytes)],
                Node = Hardware.Node,
                Traffic = new Traffic { QueriesPerSecond = workload.QueriesPerSecond, PromptTokens = workload.PromptTokens, OutputTokens = OutputTokens },
                Knowledge = new KnowledgeDemand { Tokens = workload.DocumentTokens, Sources = workload.DocumentTokens > 0 ? 1 : 0 },
                Pins = new StrategyPins { Knowledge = Knowledge, Decoding = Decoding },
                Replicas = new ReplicaBounds { Max = 1 },
                Assumptions = new Dictionary<string, double> { [nameof(Constant.PassageTokens)] = workload.PassageTokens, [nameof(Constant.PassageOverlapTokens)] = PassageOverlapTokens },
            });

    /// <summary>What the operator would write for the candidate.</summary>
    public RuntimeConfig Runtime(Candidate candidate, string modelDirectory, string documentDirectory, int port) => new()
    {
        ModelName = "model-a",
        ModelDirectory = modelDirectory,
        Threads = Hardware.Threads,
        ExecutionProvider = Hardware.Provider,
        Port = port,
        Knowledge = new KnowledgeConfig
        {
            Mode = Knowledge,
            Sources = Knowledge is KnowledgeMode.Dense ? [] : [new KnowledgeDirectory { Name = "documents", Directory = documentDirectory }],
            RetrievedPassages = Math.Max(candidate.RetrievedPassages, 1),
            PassageTokens = PassageTokens,
            PassageOverlapTokens = PassageOverlapTokens,
        },
        Decoding = new DecodingConfig { Mode = Decoding, BeamWidth = Math.Max(candidate.BeamWidth, 1) },
        Limits = candidate.Limits ?? throw new InvalidOperationException($"{Name} does not fit: {candidate.Message}"),
    };

    private static string Words(Random random, int count) =>
        string.Join(' ', Enumerable.Range(0, count).Select(_ => Syllables[random.Next(Syllables.Length)] + Syllables[random.Next(Syllables.Length)]));
}
