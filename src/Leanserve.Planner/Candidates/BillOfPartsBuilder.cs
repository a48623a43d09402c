using Leanserve.Contracts;

namespace Leanserve.Planner;

/// <summary>Lists what each strategy deploys.</summary>
internal static class BillOfPartsBuilder
{
    public static BillOfParts Native(KnowledgeMode mode, DecodingMode decoding, KnowledgeDemand knowledge)
    {
        var parts = new List<Part>(12)
        {
            new(PartKind.Container, "leanserve-server"),
            new(PartKind.Image, "leanserve-server"),
            new(PartKind.Volume, "runtime.json"),
            new(PartKind.ModelArtefact, "model"),
        };
        if (knowledge.Sources > 0)
        {
            parts.Add(new(PartKind.Volume, "documents", knowledge.Sources));
        }

        if (mode is KnowledgeMode.Cag)
        {
            parts.Add(new(PartKind.Cache, "documents' KV cache"));
        }
        else if (mode is KnowledgeMode.Rag)
        {
            parts.Add(new(PartKind.Index, "BM25 index"));
            if (knowledge.EmbeddingModel is not null)
            {
                parts.Add(new(PartKind.ModelArtefact, "embedding model"));
                parts.Add(new(PartKind.Index, "vectors"));
            }

            parts.Add(new(PartKind.TuningKnob, "passages, passage length, overlap", 3));
        }

        if (knowledge.ClaimsSnapshots && (mode is KnowledgeMode.Cag || (mode is KnowledgeMode.Rag && knowledge.EmbeddingModel is not null)))
        {
            parts.Add(new(PartKind.Volume, "snapshots"));
        }

        if (decoding is DecodingMode.BeamSearch)
        {
            parts.Add(new(PartKind.TuningKnob, "beam width, length penalty", 2));
        }

        return new BillOfParts(parts);
    }

    public static BillOfParts With(BillOfParts bill, params ReadOnlySpan<Part> more) => new([.. bill.Parts, .. more]);
}
