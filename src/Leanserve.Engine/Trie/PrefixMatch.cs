namespace Leanserve.Engine.Trie;

/// <summary>The longest prefix of a prompt that the tree holds.</summary>
/// <param name="Node">Where it ends.</param>
/// <param name="Offset">Tokens of that node which match; 0 stands for all of it.</param>
/// <param name="Tokens">Tokens matched in all.</param>
/// <param name="KeptTokens">Of these, tokens that hold their slots anyway: preloaded, or needed by a running request.</param>
internal readonly record struct PrefixMatch(TrieNode Node, int Offset, int Tokens, int KeptTokens);
