namespace AgentOperator.EndToEnd.Edges;

/// <summary>What somebody does to the pod of a run at work, or makes in its place.</summary>
internal static class PodManipulations
{
    private const string Foreign =
        """spec: {schedulerName: nobody, containers: [{name: agent, image: "agentoperator/runner:0.1.0"}]}""";

    public static IReadOnlyList<Manipulation> All { get; } =
    [
        new("pod-labels-removed", run => run.PatchPodAsync(1, """{"metadata": {"labels": null}}""")),
        new("pod-owner-removed", run => run.PatchPodAsync(1, """{"metadata": {"ownerReferences": null}}""")),
        new("pod-nobodys", run => run.PatchPodAsync(1, """{"metadata": {"labels": null, "annotations": null, "ownerReferences": null}}""")),
        new("pod-attempt-relabelled", run => run.PatchPodAsync(1, """{"metadata": {"labels": {"agentoperator.dev/attempt": "9"}}}""")),
        new("pod-heartbeat-forged", run => run.PatchPodAsync(1, """{"metadata": {"annotations": {"agentoperator.dev/heartbeat": "yesterday"}}}""")),
        new("pod-heartbeat-of-the-future", run => run.PatchPodAsync(
            1, """{"metadata": {"annotations": {"agentoperator.dev/heartbeat": "2099-01-01T00:00:00Z"}}}""")),
        new("pod-told-to-stop-forged", run => run.PatchPodAsync(
            1, """{"metadata": {"annotations": {"agentoperator.dev/told-to-stop": "2026-01-01T00:00:00Z"}}}""")),
        new("pod-deleted", run => run.DeleteAsync("Pod", run.Run.PodName(1))),
        new("pod-deleted-by-force", run => run.Run.ForceDeletePodAsync(1)),
        new("pod-evicted", run => run.EvictAsync(1)),
        new("pod-held-by-a-finalizer", HoldPodAsync) { Mend = run => run.PatchPodAsync(1, """{"metadata": {"finalizers": null}}""") },
        new("pod-deadline", run => run.PatchPodAsync(1, """{"spec": {"activeDeadlineSeconds": 1}}""")),
        new("pod-killed-from-within", run => run.Cluster.Kubectl.RunAsync(
            ["exec", "--namespace", run.Namespace, run.Run.PodName(1), "--", "/bin/sh", "-c", "kill 1"])),
        new("foreign-pod-of-a-later-attempt", run => run.CreateAsync("Pod", $$"""
            apiVersion: v1
            kind: Pod
            metadata:
              name: {{run.Run.PodName(7)}}
              labels: {agentoperator.dev/run: {{run.Name}}, agentoperator.dev/attempt: "7", app.kubernetes.io/managed-by: agentoperator}
            {{Foreign}}
            """))
        {
            Mend = run => run.DeleteAsync("Pod", run.Run.PodName(7)),
        },
        new("foreign-pod-in-the-way", BlockNextNameAsync)
        {
            Meanwhile = [$"condition Running=False {Reasons.PodRejected} foreign-pod-in-the-way-2"],
            Mend = run => run.DeleteAsync("Pod", run.Run.PodName(2), "?gracePeriodSeconds=0"),
        },
    ];

    private static async Task HoldPodAsync(LiveRun run)
    {
        await run.PatchPodAsync(1, """{"metadata": {"finalizers": ["test.example/hold"]}}""");
        await run.DeleteAsync("Pod", run.Run.PodName(1));
    }

    private static async Task BlockNextNameAsync(LiveRun run)
    {
        await run.CreateAsync("Pod", $$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: {{run.Run.PodName(2)}} }
            {{Foreign}}
            """);
        await run.Run.ForceDeletePodAsync(1);
    }
}
