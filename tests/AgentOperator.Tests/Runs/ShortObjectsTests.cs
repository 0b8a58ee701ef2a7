using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

internal sealed class ShortObjectsTests
{
    [TestCase(Phases.Succeeded, 1, true)]
    [TestCase(Phases.Failed, 1, true)]
    [TestCase(Phases.Succeeded, 2, false, Description = "its spec changed since: it has to be observed")]
    [TestCase(Phases.Running, 1, false)]
    [TestCase(Phases.Suspended, 1, false)]
    public void Of_RunInAPhase_IsShortOnceItHasEndedAndIsObserved(string phase, long generation, bool isShort)
    {
        var run = new AgentRunBuilder().Build();
        run.Metadata = run.Metadata with { Generation = generation };
        run.Status = new AgentRunStatus
        {
            Phase = phase,
            ObservedGeneration = 1,
            FinishedAt = DateTimeOffset.UnixEpoch,
            Result = new ResultStatus { Text = "long" },
        };
        var uid = run.Metadata.Uid;

        var kept = ShortRun.Of(run);

        Assert.That(kept is ShortRun, Is.EqualTo(isShort));
        Assert.That((kept.Metadata.Uid, kept.Status!.Phase, kept.Status.FinishedAt), Is.EqualTo((uid, phase, DateTimeOffset.UnixEpoch)));
        Assert.That(kept.Status.Result is null, Is.EqualTo(isShort));
    }

    [Test]
    public void Of_EndedRunThatShowsAReconcileError_IsWhole()
    {
        var run = new AgentRunBuilder().Build();
        var error = new Condition
        {
            Type = ConditionTypes.Running, Status = "False", Reason = Reasons.ReconcileError, Message = "", LastTransitionTime = default,
        };
        run.Status = new AgentRunStatus { Phase = Phases.Succeeded, ObservedGeneration = run.Metadata.Generation, Conditions = [error] };

        Assert.That(ShortRun.Of(run), Is.SameAs(run), "the next reconcile replaces the condition");
    }

    [Test]
    public void Of_Pod_KeepsWhatDecisionsAreMadeFrom()
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = "survivor-1", NamespaceProperty = "agents" },
            Spec = new V1PodSpec
            {
                NodeName = "one",
                TerminationGracePeriodSeconds = 30,
                Volumes = [new V1Volume { Name = "token" }],
                Containers =
                [
                    new V1Container
                    {
                        Name = PodContainers.Agent,
                        Env = [new V1EnvVar { Name = "A" }],
                        Resources = new V1ResourceRequirements { Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("64Mi") } },
                    },
                ],
            },
        };

        pod = ShortPod.Of(pod);

        Assert.That((pod.Spec.NodeName, pod.Spec.TerminationGracePeriodSeconds, PodFacts.MemoryLimit(pod)), Is.EqualTo(("one", 30L, "64Mi")));
        Assert.That((pod.Spec.Volumes, pod.Spec.Containers[0].Env), Is.EqualTo(((IList<V1Volume>?)null, (IList<V1EnvVar>?)null)));
    }
}
