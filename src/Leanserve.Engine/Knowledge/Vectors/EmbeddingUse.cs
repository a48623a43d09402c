namespace Leanserve.Engine.Knowledge;

/// <summary>What a text is embedded for.</summary>
public enum EmbeddingUse
{
    /// <summary>As it stands.</summary>
    Text,

    /// <summary>A question that documents are searched for.</summary>
    Query,

    /// <summary>A document that is searched.</summary>
    Document,
}
