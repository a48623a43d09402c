using System.Text.Json;
using k8s;
using Leanserve.Api;

namespace Leanserve.Demo;

/// <summary>The samples on the cluster, as their status tells.</summary>
public sealed class SampleDeployments(IKubernetes client, Kubectl kubectl, string ns, TimeProvider time)
{
    /// <summary>Waits until each sample serves, stands as a plan, or says that it cannot work; prints a line whenever one turns.</summary>
    /// <exception cref="DemoFailedException">Some did not settle in time; the message holds their conditions.</exception>
    public async Task<IReadOnlyList<LlmDeployment>> WaitUntilSettledAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var said = new Dictionary<string, string>();
        while (true)
        {
            var all = await ListAsync(cancellationToken);
            foreach (var sample in all)
            {
                var line = $"{sample.Metadata.Name,-12} {sample.Status.Strategy?.Summary ?? "–",-26} {Ready(sample)?.Reason ?? "Pending"}";
                if (said.GetValueOrDefault(sample.Metadata.Name) != line)
                {
                    said[sample.Metadata.Name] = line;
                    Console.WriteLine($"  {time.GetElapsedTime(begun).TotalSeconds,5:0.0} s  {line}");
                }
            }

            if (all.Count > 0 && all.All(IsSettled))
            {
                return all;
            }

            if (time.GetElapsedTime(begun) > limit)
            {
                var late = all.Where(s => !IsSettled(s)).Select(s => s.Metadata.Name).ToList();
                var pods = await kubectl.RunAsync(["get", "pods", "-n", ns, "-o", "wide"], cancellationToken);
                throw new DemoFailedException($"Not settled after {limit.TotalSeconds:0} s: {string.Join(", ", late)}.\n{string.Join('\n', all.Where(s => !IsSettled(s)).Select(SampleReport.Conditions))}\n{pods}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancellationToken);
        }
    }

    public async Task<LlmDeployment> GetAsync(string name, CancellationToken cancellationToken) =>
        Parse<LlmDeployment>(await client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>(LlmDeployment.Group, LlmDeployment.Version, ns, LlmDeployment.Plural, name, cancellationToken));

    private static bool IsSettled(LlmDeployment sample) =>
        sample.Status.ObservedGeneration == sample.Metadata.Generation && Ready(sample) is { } ready && (ready.Status == "True" || ready.Reason == "Infeasible");

    private static k8s.Models.V1Condition? Ready(LlmDeployment sample) => sample.Status.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready);

    private async Task<IReadOnlyList<LlmDeployment>> ListAsync(CancellationToken cancellationToken) =>
        [.. Parse<LlmDeploymentList>(await client.CustomObjects.ListNamespacedCustomObjectAsync<JsonElement>(LlmDeployment.Group, LlmDeployment.Version, ns, LlmDeployment.Plural, cancellationToken: cancellationToken)).Items.OrderBy(s => s.Metadata.CreationTimestamp).ThenBy(s => s.Metadata.Name, StringComparer.Ordinal)];

    private static T Parse<T>(JsonElement json) => KubernetesJson.Deserialize<T>(json.GetRawText());
}
