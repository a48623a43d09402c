namespace Integration.Tests.NodeAgent;

/// <summary>Tests that share one <see cref="NodeAgentCluster"/>.</summary>
[CollectionDefinition(Name)]
public sealed class NodeAgentTestGroup : ICollectionFixture<NodeAgentCluster>
{
    public const string Name = "node agent";
}
