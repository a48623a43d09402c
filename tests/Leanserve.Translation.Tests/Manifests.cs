using Leanserve.Api;
using Leanserve.Translation.Reading;

namespace Leanserve.Translation.Tests;

/// <summary>Manifests to break.</summary>
internal static class Manifests
{
    /// <summary>States every field, each within its rules.</summary>
    public const string Full = """
        apiVersion: leanserve.io/v1alpha1
        kind: LlmDeployment
        metadata:
          name: handbook
          namespace: support
        spec:
          apply: Auto
          model:
            source:
              persistentVolumeClaim: {claimName: models, path: phi/mini-int4}
            geometry: {parameters: 3840000000, layers: 32, hiddenSize: 3072, attentionHeads: 24, keyValueHeads: 8, headSize: 128, intermediateSize: 8192, vocabularySize: 200064, maxContextTokens: 131072, weightBits: 4}
          node:
            gpu: L4
            gpusPerReplica: 1
            selector: {matchLabels: {example.com/pool: gpu}}
            capacity: {memory: 24Gi, bandwidthGigabytesPerSecond: "300", teraflops: "121", thermalDesignWatts: 72}
          traffic:
            queriesPerSecond: "2"
            burstFactor: "2.5"
            promptTokens: 310
            outputTokens: 260
          objectives:
            timeToFirstTokenMilliseconds: 1500
            requestLatencyMilliseconds: 15000
            percentile: 90
            answerQuality: PreferExact
          knowledge:
            sources:
            - {name: handbook, configMapRef: {name: handbook}}
            - {name: wiki, persistentVolumeClaim: {claimName: wiki, path: /}}
            tokens: 40000
            changesPerDay: "0.5"
          team: {engineers: 3, expertise: Platform, hourlyCost: "80.5"}
          cost: {gpuHourly: "0.68", electricityPerKilowattHour: "0.15", gridGramsCo2PerKilowattHour: 369}
          strategy: {knowledge: Rag, decoding: Sampling}
          scaling: {minReplicas: 2, maxReplicas: 3}
          assumptions: {HorizonMonths: "24"}
        """;

    /// <summary>The full manifest with one text replaced, as a user would mistype it.</summary>
    public static string With(string from, string to)
    {
        Assert.Contains(from, Full, StringComparison.Ordinal);
        return Full.Replace(from, to, StringComparison.Ordinal);
    }

    public static LlmDeployment Parse(string yaml)
    {
        var file = DeploymentReader.Read(yaml, "test.yaml");
        Assert.Empty(file.Violations);
        return Assert.Single(file.Deployments).Deployment;
    }
}
