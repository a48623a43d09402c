using k8s.Models;
using Leanserve.Operator.Observe;

namespace Leanserve.Operator.Tests.Observe;

public sealed class PodDiagnosisTests
{
    [Fact]
    public void Diagnosis_CrashLoop_TellsTheContainersLastWords()
    {
        var diagnosis = PodDiagnosis.Of([Pod(ready: false, new V1ContainerStatus
        {
            State = new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = "CrashLoopBackOff", Message = "back-off 10s" } },
            LastState = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = 65, Message = "model.onnx is cut short\n" } },
        })]);
        Assert.Equal("CrashLoopBackOff", diagnosis!.Reason);
        Assert.Equal("Pod a: model.onnx is cut short (exit status 65)", diagnosis.Message);
        Assert.True(diagnosis.IsFailure);
    }

    [Fact]
    public void Diagnosis_RunningAgainAfterACrashButNotReady_StillTellsWhy()
    {
        var diagnosis = PodDiagnosis.Of([Pod(ready: false, new V1ContainerStatus
        {
            RestartCount = 2,
            State = new V1ContainerState { Running = new V1ContainerStateRunning() },
            LastState = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = 137, Reason = "OOMKilled" } },
        })]);
        Assert.Contains("OOMKilled with exit status 137", diagnosis!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnosis_RestartedLongAgoAndReadyNow_IsNoTrouble() =>
        Assert.Null(PodDiagnosis.Of([Pod(ready: true, new V1ContainerStatus
        {
            Ready = true,
            RestartCount = 1,
            State = new V1ContainerState { Running = new V1ContainerStateRunning() },
            LastState = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = 1 } },
        })]));

    [Fact]
    public void Diagnosis_OneStartsAndOneCannotBeScheduled_NamesTheFailure()
    {
        var starting = Pod(ready: false, new V1ContainerStatus { State = new V1ContainerState { Running = new V1ContainerStateRunning() } });
        var unschedulable = Pod(ready: false);
        unschedulable.Status.Conditions.Add(new V1PodCondition { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = "0/1 nodes: insufficient nvidia.com/gpu" });
        Assert.Equal("Unschedulable", PodDiagnosis.Of([starting, unschedulable])!.Reason);
    }

    [Fact]
    public void Diagnosis_VeryLongLastWords_AreClippedToOneLine()
    {
        var diagnosis = PodDiagnosis.Of([Pod(ready: false, new V1ContainerStatus
        {
            State = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = 1, Message = string.Join('\n', Enumerable.Repeat("trace", 500)) } },
        })]);
        Assert.True(diagnosis!.Message.Length <= 400);
        Assert.DoesNotContain('\n', diagnosis.Message);
    }

    private static V1Pod Pod(bool ready, params V1ContainerStatus[] containers) => new()
    {
        Metadata = new V1ObjectMeta { Name = "a" },
        Status = new V1PodStatus
        {
            ContainerStatuses = [.. containers],
            Conditions = [new V1PodCondition { Type = "Ready", Status = ready ? "True" : "False" }],
        },
    };
}
