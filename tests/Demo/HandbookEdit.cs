using System.Text.Json;
using k8s;
using k8s.Models;
using Leanserve.Api;
using Spectre.Console;

namespace Leanserve.Demo;

/// <summary>Changes the handbook while it is served, and shows that the answer follows with nothing restarted by hand.</summary>
public static class HandbookEdit
{
    private const string Name = "handbook";
    private const string Before = "19:00";
    private const string After = "20:30";

    public static async Task ShowAsync(IKubernetes client, SampleDeployments samples, Questions questions, string ns, TimeProvider time, CancellationToken cancellationToken)
    {
        var sample = await samples.GetAsync(Name, cancellationToken);
        var old = await questions.AnswerAsync(sample, cancellationToken);
        await EditAsync(client, ns, cancellationToken);
        AnsiConsole.WriteLine();
        AnsiConsole.MarkupLineInterpolated($"[bold]The handbook is edited[/] (kubectl edit configmap {Name}): {Before} becomes {After}. Nothing is restarted by hand.");
        var begun = time.GetTimestamp();
        while (!HoldsNewDocuments(await samples.GetAsync(Name, cancellationToken), sample.Status.Observed?.KnowledgeHash))
        {
            if (time.GetElapsedTime(begun) > TimeSpan.FromSeconds(90))
            {
                throw new DemoFailedException("The pods did not take up the edited handbook within 90 s; see KnowledgeCurrent in `kubectl describe llmd handbook`.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancellationToken);
        }

        var now = await questions.AnswerAsync(sample, cancellationToken);
        AnsiConsole.MarkupLineInterpolated($"  Q: {Questions.Question(sample)}");
        AnsiConsole.MarkupLineInterpolated($"  before: {old}");
        AnsiConsole.MarkupLineInterpolated($"  {time.GetElapsedTime(begun).TotalSeconds:0} s later: [green]{now}[/]");
        Questions.Require(sample, now, Questions.Example(sample, "answer")?.Replace(Before, After, StringComparison.Ordinal));
    }

    private static async Task EditAsync(IKubernetes client, string ns, CancellationToken cancellationToken)
    {
        var handbook = await client.CoreV1.ReadNamespacedConfigMapAsync(Name, ns, cancellationToken: cancellationToken);
        var changed = handbook.Data.ToDictionary(d => d.Key, d => d.Value.Replace(Before, After, StringComparison.Ordinal));
        var patch = new V1Patch(JsonSerializer.Serialize(new { data = changed }), V1Patch.PatchType.MergePatch);
        await client.CoreV1.PatchNamespacedConfigMapAsync(patch, Name, ns, cancellationToken: cancellationToken);
    }

    private static bool HoldsNewDocuments(LlmDeployment sample, string? oldHash) =>
        sample.Status.Observed?.KnowledgeHash is { } hash && hash != oldHash && IsTrue(sample, ConditionTypes.KnowledgeCurrent) && IsTrue(sample, ConditionTypes.Ready);

    private static bool IsTrue(LlmDeployment sample, string type) => sample.Status.Conditions?.Any(c => c.Type == type && c.Status == "True") == true;
}
