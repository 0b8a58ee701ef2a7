using AgentOperator.Api;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>A run whose pods have a container that a webhook added and that never ends by itself.</summary>
internal sealed class SidecarTests
{
    [Test]
    public async Task Reconcile_SidecarOutlivesTheAgent_EveryAttemptEndsByTheAgentAndNoPodIsLeft()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.CommitAsync();
        await world.EndPodAsync(pod => Outlived(PodState.OomKilled(pod, world.Time.GetUtcNow())));
        await world.AdvanceAsync(TimeSpan.FromSeconds(30));
        await world.StartPodAsync();

        Assert.That(world.Pods.Has("survivor-1"), Is.False, "it would hold its node's memory for ever");
        await world.SucceedAsync(Outlived);

        Assert.Multiple(() =>
        {
            Assert.That(world.Status.Phase, Is.EqualTo(Phases.Succeeded));
            Assert.That(world.Outcomes, Is.EqualTo(new[] { Outcomes.OutOfMemory, Outcomes.Completed }));
            Assert.That(world.Status.Failures, Is.Zero);
            Assert.That(world.Pods.All, Is.Empty);
            Assert.That(world.MostAlive, Is.EqualTo(1));
        });
    }

    private static V1Pod Outlived(V1Pod pod) => pod with
    {
        Status = pod.Status with
        {
            Phase = "Running",
            ContainerStatuses =
            [
                .. pod.Status.ContainerStatuses,
                new V1ContainerStatus
                {
                    Name = "istio-proxy", Image = "proxy", ImageID = "id", State = new V1ContainerState { Running = new V1ContainerStateRunning() },
                },
            ],
        },
    };
}
