using Leanserve.Engine;
using Leanserve.Server.OpenAi;

namespace Leanserve.Server.Generation;

/// <summary>What differs between the answers of the two generation endpoints.</summary>
internal interface IAnswerShape
{
    string IdPrefix { get; }

    string WholeObject { get; }

    string ChunkObject { get; }

    ChoiceBody Whole(ChoiceText choice, bool withLogprobs);

    /// <param name="index">The choice.</param>
    /// <param name="text">Text that the chunk adds.</param>
    /// <param name="offset">Characters of the choice before it.</param>
    /// <param name="token">The token whose log-probability the chunk reports, or null.</param>
    ChoiceBody Chunk(int index, string text, int offset, TokenGenerated? token);

    /// <summary>The chunk that opens a choice, or null where none is needed.</summary>
    ChoiceBody? Opening(int index);
}
