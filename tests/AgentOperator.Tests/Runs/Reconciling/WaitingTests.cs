using System.Net;
using AgentOperator.Api;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>What the cluster or a person can mend is waited for, on a cluster in memory.</summary>
internal sealed class WaitingTests
{
    /// <summary>What can keep a pod from starting, or its agent from working.</summary>
    private static readonly Func<V1Pod, DateTimeOffset, V1Pod>[] Obstacles =
    [
        (pod, _) => PodState.Unschedulable(pod, "0/3 nodes are available: 3 Insufficient memory."),
        (pod, _) => PodState.Waiting(pod, "ErrImagePull", "manifest unknown"),
        (pod, _) => PodState.Waiting(pod, "InvalidImageName"),
        (pod, _) => PodState.Waiting(pod, "CreateContainerConfigError", "secret \"key\" not found"),
        (pod, _) => PodState.Waiting(pod, "CreateContainerError"),
        (pod, _) => PodState.WithCondition(PodState.Waiting(pod, "ContainerCreating"), "PodReadyToStartContainers", "False", ""),
        (pod, _) => PodState.FailedWithoutContainer(pod, "OutOfcpu"),
        (pod, _) => PodState.FailedWithoutContainer(pod, "SysctlForbidden"),
        (pod, _) => PodState.FailedWithoutContainer(pod, "NodeShutdown"),
        (pod, _) => PodState.FailedWithoutContainer(pod, null),
        (pod, now) => PodState.Exited(pod, 128, now, "StartError", "no such file"),
        (pod, now) => PodState.Exited(pod, 69, now, message: """{"reason":"McpServerUnavailable","message":"'git' answered 401."}"""),
        (pod, now) => PodState.Exited(pod, 69, now, message: """{"reason":"GatewayUnavailable","message":"The gateway did not answer."}"""),
        (pod, now) => PodState.Exited(pod, 69, now),
    ];

    private static readonly HttpStatusCode?[] Refusals =
    [
        null, null, HttpStatusCode.Forbidden, HttpStatusCode.UnprocessableEntity, HttpStatusCode.InternalServerError, HttpStatusCode.TooManyRequests,
    ];

    [Test]
    public async Task Reconcile_AnyObstaclesInAnyOrder_RunWaitsCostsNothingAndSucceeds([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        using var world = new RunWorld(new AgentRunBuilder().Recovery(recovery => recovery with { MaxFailures = 1 }));
        for (var step = 0; step < 15; step++)
        {
            var refusal = Refusals[random.Next(Refusals.Length)];
            world.Pods.Refusal = _ => refusal;
            await world.AdvanceAsync(TimeSpan.FromSeconds(random.Next(1, 900)));
            if (world.Status.Pod is { } name && world.Pods.Has(name) && !PodFacts.HasEnded(world.Pods[name]))
            {
                var obstacle = Obstacles[random.Next(Obstacles.Length)];
                await world.EndPodAsync(pod => obstacle(pod, world.Time.GetUtcNow()));
            }

            Assert.That(Phases.IsTerminal(world.Status.Phase), Is.False, $"step {step}");
            Assert.That(world.Status.Failures ?? 0, Is.Zero, $"step {step}");
            Assert.That(world.Status.Phase == Phases.Pending, Is.EqualTo(world.Status.Attempt is null), $"step {step}");
            Assert.That(
                world.Status.WaitingFor, world.Status.Phase is Phases.Waiting or Phases.Pending ? Is.Not.Empty : Is.Null, $"step {step}");
        }

        world.Pods.Refusal = _ => null;
        await world.AdvanceAsync(TimeSpan.FromMinutes(10));
        await world.AdvanceAsync(TimeSpan.FromMinutes(10));
        await world.StartPodAsync();
        await world.SucceedAsync();
        Assert.That((world.Status.Phase, world.Status.WaitingFor), Is.EqualTo((Phases.Succeeded, (string?)null)));
    }

    [TestCase(0, 15)]
    [TestCase(120, 30)]
    [TestCase(86400, 120)]
    public async Task Reconcile_PodIsRejectedForLong_AsksLessOften(int waitedSeconds, int pauseSeconds)
    {
        using var world = new RunWorld();
        world.Pods.Refusal = _ => HttpStatusCode.Forbidden;
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromSeconds(waitedSeconds));

        Assert.That((await world.ReconcileAsync()).RequeueAfter, Is.EqualTo(TimeSpan.FromSeconds(pauseSeconds)));
    }

    [TestCase(0, Reasons.PodRejected)]
    [TestCase(1, Reasons.MemoryCapReached)]
    public async Task Reconcile_EachRefusalIsWordedDifferently_AsksOnceUntilTheNextIsDue(int kills, string reason)
    {
        using var world = new RunWorld();
        var refusals = 0;
        if (kills > 0)
        {
            await world.SettleAsync();
        }

        world.Pods.Refusal = _ =>
        {
            refusals++;
            world.Pods.RefusalMessage = kills == 0
                ? $"failed calling webhook \"w\": read tcp 10.0.0.1:{5000 + refusals}->10.0.0.9:443: read: connection reset by peer"
                : $"maximum memory usage per Container is 512Mi, but limit is 768Mi, request {refusals}";
            return HttpStatusCode.Forbidden;
        };
        await (kills > 0 ? KillAsync(world) : world.SettleAsync());
        await FollowOwnWritesAsync(world);

        Assert.That((Reason(world), refusals), Is.EqualTo((reason, 1)));
        Assert.That(world.Status.NextAttemptAt, Is.EqualTo(world.Time.GetUtcNow().AddSeconds(15)));
        Assert.That(world.Status.WaitingFor, Does.Contain(kills == 0 ? "10.0.0.1:5001" : "request 1"));

        world.ChangeSpec(spec => spec with { Recovery = spec.Recovery with { StartTimeoutSeconds = 60 } });
        await FollowOwnWritesAsync(world);
        Assert.That(refusals, Is.EqualTo(2), "a changed spec is tried at once");

        await world.AdvanceAsync(TimeSpan.FromSeconds(15));
        await FollowOwnWritesAsync(world);
        Assert.That(refusals, Is.EqualTo(3));
    }

    [Test]
    public async Task Reconcile_DivergedRunIsResumedAndItsPodIsRejected_IsNotPutBack()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.EndPodAsync(pod => PodState.Exited(
            pod, 66, world.Time.GetUtcNow(), message: """{"reason":"Diverged","message":"Record 7 differs."}"""));
        Assert.That(Reason(world), Is.EqualTo(Reasons.Diverged));

        world.ChangeSpec(spec => spec with { Suspend = true });
        await world.SettleAsync();
        world.Pods.Refusal = _ => HttpStatusCode.Forbidden;
        world.ChangeSpec(spec => spec with { Suspend = false });
        await world.SettleAsync();
        Assert.That((world.Status.Phase, Reason(world)), Is.EqualTo((Phases.Waiting, Reasons.PodRejected)));
        world.Restart();
        await world.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.That(Reason(world), Is.EqualTo(Reasons.PodRejected));

        world.Pods.Refusal = _ => null;
        await world.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.That(world.Status.Attempt, Is.EqualTo(2));

        await world.EndPodAsync(pod => PodState.Exited(
            pod, 66, world.Time.GetUtcNow(), message: """{"reason":"Diverged","message":"Record 7 differs."}"""));
        Assert.That(Reason(world), Is.EqualTo(Reasons.Diverged), "what diverges again is reviewed again");
    }

    [Test]
    public async Task Reconcile_LimitRangeStopsTheLadder_GoesOnWithTheMostAndThenWaitsUntilItIsRaised()
    {
        using var world = WorldWithLimitRange();
        await world.SettleAsync();
        await KillAsync(world);
        Assert.That(world.Status.Attempts![^1].MemoryLimit, Is.EqualTo("600Mi"));
        Assert.That(world.Events.Recorded.Single(recorded => recorded.Reason == Reasons.MemoryCapReached).Note, Does.Contain("600Mi"));

        await KillAsync(world);
        await world.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.That((world.Status.Phase, Reason(world)), Is.EqualTo((Phases.Waiting, Reasons.MemoryCapReached)));
        Assert.That(world.Status.WaitingFor, Does.Contain("maximum memory usage per Container is 600Mi"));
        Assert.That((world.Pods.Created.Count, world.Status.Failures ?? 0), Is.EqualTo((2, 0)));

        world.Pods.Refusal = _ => null;
        await world.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.That(world.Status.Attempts![^1].MemoryLimit, Is.EqualTo("900Mi"));
    }

    [Test]
    public async Task Reconcile_LimitRangeStopsTheLadderDuringACall_ModelIsTold()
    {
        using var world = WorldWithLimitRange();
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.CommitCallsAsync("poison");
        for (var kill = 0; kill < 2; kill++)
        {
            await KillAsync(world);
        }

        Assert.That((await world.RecordsAsync())[^2], Has.Property("CallId").EqualTo("poison").And.Property("Kind").EqualTo("ToolFailed"));
        Assert.That(world.Status.Attempts!.Select(attempt => attempt.MemoryLimit), Is.EqualTo(new[] { "512Mi", "600Mi", "600Mi" }));
    }

    [Test]
    public async Task Reconcile_QuotaIsUsedUpByOthers_WaitsForTheLargerPod()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        world.Pods.RefusalMessage = "exceeded quota: q, requested: limits.memory=768Mi, used: limits.memory=3Gi, limited: limits.memory=3Gi";
        world.Pods.Refusal = _ => HttpStatusCode.Forbidden;
        await KillAsync(world);
        Assert.That((world.Status.Phase, Reason(world)), Is.EqualTo((Phases.Waiting, Reasons.PodRejected)));
        Assert.That(world.Status.WaitingFor, Does.Contain("exceeded quota: q"));

        world.Pods.Refusal = _ => null;
        await world.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.That(world.Status.Attempts![^1].MemoryLimit, Is.EqualTo("768Mi"));
    }

    [Test]
    public async Task Reconcile_WebhookLowersEveryLimit_AttemptsAreBounded()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        for (var kill = 0; kill < 6 && !Phases.IsTerminal(world.Status.Phase); kill++)
        {
            await world.EndPodAsync(pod => PodState.OomKilled(WithLimit(pod, "512Mi"), world.Time.GetUtcNow()));
            await world.AdvanceAsync(TimeSpan.FromMinutes(5));
        }

        Assert.That((world.Status.Phase, Reason(world), world.Status.Failures), Is.EqualTo((Phases.Failed, Outcomes.OutOfMemory, 3)));
        Assert.That(world.Pods.Created, Has.Count.EqualTo(4), "the first kill costs nothing");
    }

    private static V1Pod WithLimit(V1Pod pod, string memory) => pod with
    {
        Spec = pod.Spec with
        {
            Containers =
            [
                .. pod.Spec.Containers.Select(container => container with
                {
                    Resources = new V1ResourceRequirements { Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new(memory) } },
                }),
            ],
        },
    };

    private static RunWorld WorldWithLimitRange()
    {
        var world = new RunWorld();
        world.Pods.Refusal = pod =>
        {
            var limit = PodFacts.MemoryLimit(pod)!;
            world.Pods.RefusalMessage = $"maximum memory usage per Container is 600Mi, but limit is {limit}";
            return MemoryQuantity.Bytes(limit) > MemoryQuantity.Bytes("600Mi") ? HttpStatusCode.Forbidden : null;
        };
        return world;
    }

    /// <summary>Reconciles as often as the operator's own writes wake it, up to a bound.</summary>
    private static async Task FollowOwnWritesAsync(RunWorld world)
    {
        for (var (turn, seen) = (0, (string?)null); turn < 10 && seen != world.Run.Metadata.ResourceVersion; turn++)
        {
            seen = world.Run.Metadata.ResourceVersion;
            await world.SyncAsync();
            await world.ReconcileAsync();
        }
    }

    private static Task KillAsync(RunWorld world) => world.EndPodAsync(pod => PodState.OomKilled(pod, world.Time.GetUtcNow()));

    private static string Reason(RunWorld world) => world.Status.FindCondition(ConditionTypes.Running)!.Reason;
}
