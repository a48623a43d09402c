namespace Leanserve.Server.OpenAi;

/// <summary>One model.</summary>
/// <param name="Id">The name that requests ask for.</param>
/// <param name="Object">Always <c>model</c>.</param>
/// <param name="Created">Unix seconds of the server's start.</param>
/// <param name="OwnedBy">Always <c>leanserve</c>.</param>
/// <param name="Leanserve">What this server tells beyond OpenAI's API: <see cref="ModelDetails"/>, or <see cref="EmbeddingDetails"/> for an embedding model.</param>
public sealed record ModelBody(string Id, string Object, long Created, string OwnedBy, object Leanserve);
