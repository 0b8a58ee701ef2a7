using System.Net;
using AgentOperator.Api;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>The ServiceAccount that agents run as is there before their first pod.</summary>
internal sealed class AgentAccountTests
{
    [Test]
    public async Task Reconcile_FirstPodOfANamespace_HasAnAccountThatNobodyElseUses()
    {
        using var world = WithAdmission();
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.EndPodAsync(pod => PodState.Evicted(pod, world.Time.GetUtcNow()));

        Assert.Multiple(() =>
        {
            Assert.That(world.Accounts.Created, Is.EqualTo(new[] { AgentAccount.Name }), "once for all pods");
            Assert.That(world.Accounts[AgentAccount.Name].AutomountServiceAccountToken, Is.False);
            Assert.That(world.Pods.All.Select(pod => pod.Spec.ServiceAccountName), Has.All.EqualTo(AgentAccount.Name));
            Assert.That((world.Status.Attempt, world.Pods.Refused), Is.EqualTo((2, 0)));
        });
    }

    [Test]
    public async Task Reconcile_AgentsAccountIsThere_IsUsedAsItIs()
    {
        using var world = WithAdmission();
        world.Accounts.Put(new V1ServiceAccount
        {
            Metadata = new V1ObjectMeta { Name = AgentAccount.Name, NamespaceProperty = AgentRunBuilder.Namespace },
            ImagePullSecrets = [new V1LocalObjectReference { Name = "registry" }],
        });
        await world.SettleAsync();

        Assert.That((world.Status.Attempt, world.Pods.Refused), Is.EqualTo((1, 0)));
        Assert.That(world.Accounts[AgentAccount.Name].ImagePullSecrets.Single().Name, Is.EqualTo("registry"));
    }

    [Test]
    public async Task Reconcile_AgentsAccountIsDeleted_IsMadeAgainAndTheNextAttemptStarts()
    {
        using var world = WithAdmission();
        await world.SettleAsync();
        await world.StartPodAsync();
        world.Accounts.Remove(AgentAccount.Name);
        await world.EndPodAsync(pod => PodState.Evicted(pod, world.Time.GetUtcNow()));
        var running = world.Status.FindCondition(ConditionTypes.Running)!;
        Assert.That((world.Status.Phase, running.Reason), Is.EqualTo((Phases.Waiting, Reasons.PodRejected)));
        Assert.That(running.Message, Does.Contain(AgentAccount.Name));

        await world.AdvanceAsync(TimeSpan.FromSeconds(15));

        Assert.That((world.Status.Attempt, world.Status.Failures ?? 0, world.Accounts.Has(AgentAccount.Name)), Is.EqualTo((2, 0, true)));
    }

    [Test]
    public async Task Reconcile_AgentsAccountIsRefused_RunWaitsAndSaysWhatWasRefused()
    {
        using var world = WithAdmission();
        world.Accounts.Refusal = _ => HttpStatusCode.Forbidden;
        await world.SettleAsync();
        Assert.That((world.Status.Phase, world.Status.Attempt, world.Status.Failures ?? 0), Is.EqualTo((Phases.Pending, (int?)null, 0)));
        Assert.That(world.Status.WaitingFor, Does.StartWith($"The API server rejected ServiceAccount {AgentAccount.Name}: "));

        world.Accounts.Refusal = _ => null;
        await world.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.That(world.Status.Attempt, Is.EqualTo(1));
    }

    /// <summary>A server that takes a pod only if its account is there.</summary>
    private static RunWorld WithAdmission()
    {
        var world = new RunWorld();
        world.Pods.RefusalMessage = $"pods is forbidden: error looking up service account agents/{AgentAccount.Name}";
        world.Pods.Refusal = pod => world.Accounts.Has(pod.Spec.ServiceAccountName ?? "default") ? null : HttpStatusCode.Forbidden;
        return world;
    }
}
