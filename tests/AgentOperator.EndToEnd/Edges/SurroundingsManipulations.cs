namespace AgentOperator.EndToEnd.Edges;

/// <summary>What somebody does to what a run at work needs: its endpoint, key, task, namespace, and the operator itself.</summary>
internal static class SurroundingsManipulations
{
    private const string Succeeded = $"phase {Phases.Succeeded}";

    private static readonly string[] NoKey =
        [$"condition Running=False {Reasons.KeyNotFound}", $"condition Running=False {Reasons.KeyRefused}", Succeeded];

    public static IReadOnlyList<Manipulation> All { get; } =
    [
        // A key is remembered for half a minute, so the run may get its last answer with it.
        OwnEndpoint("secret-deleted", run => run.DeleteAsync("Secret", run.Name)) with { Then = NoKey, Mend = ApplySecretAsync },
        OwnEndpoint("secret-changed", run => run.PatchAsync("Secret", run.Name, """{"stringData": {"key": "sk-wrong"}}""")) with
        {
            Then = NoKey, Mend = ApplySecretAsync,
        },
        OwnEndpoint("secret-for-others", run => run.PatchAsync(
            "Secret", run.Name, """{"metadata": {"annotations": {"agentoperator.dev/endpoint-host": "api.example"}}}""")) with
        {
            Then = [$"condition Running=False {Reasons.KeyNotAllowed}", Succeeded],
            Mend = run => run.PatchAsync("Secret", run.Name, """{"metadata": {"annotations": null}}"""),
        },
        OwnEndpoint("endpoint-deleted", run => run.DeleteAsync(ApiConstants.ModelEndpointKind, run.Name)) with
        {
            Then = [$"condition Running=False {Reasons.ModelEndpointNotFound}"], Mend = ApplyEndpointAsync,
        },
        OwnEndpoint("endpoint-moved", run => run.PatchAsync(
            ApiConstants.ModelEndpointKind, run.Name, """{"spec": {"baseUrl": "http://127.0.0.1:9/v1", "apiKeySecretRef": null}}""")) with
        {
            Then = [$"condition Running=False {Reasons.EndpointUnavailable}", $"condition Running=True {Reasons.EndpointUnavailable}"],
            Mend = ApplyEndpointAsync,
        },
        OwnEndpoint("endpoint-invalid", run => run.PatchAsync(
            ApiConstants.ModelEndpointKind, run.Name, """{"spec": {"headers": [{"name": "X-Team", "value": "a\r\nb"}]}}""")) with
        {
            Then = [$"condition Running=False {Reasons.InvalidModelEndpoint} spec.headers[0].value", Succeeded],
            Mend = run => run.PatchAsync(ApiConstants.ModelEndpointKind, run.Name, """{"spec": {"headers": null}}"""),
        },
        OwnEndpoint("endpoint-in-plain-text", run => run.PatchAsync(
            ApiConstants.ModelEndpointKind, run.Name, """{"spec": {"allowPlainHttp": false}}""")) with
        {
            Then = [$"condition Running=False {Reasons.KeyNotAllowed} allowPlainHttp"], Mend = ApplyEndpointAsync,
        },
        OwnEndpoint("endpoint-away-for-years", ForgeOutageAsync) with
        {
            Then = [$"condition Running=False {Reasons.EndpointUnavailable}", Succeeded],
            Mend = run => run.PatchAsync(ApiConstants.ModelEndpointKind, run.Name, """{"status": null}""", "/status"),
        },
        OwnTask("task-source-changed", run => run.PatchAsync("ConfigMap", run.Name, """{"data": {"task": "Do something else."}}""")),
        OwnTask("task-source-deleted", run => run.DeleteAsync("ConfigMap", run.Name)),
        new("events-deleted", run => run.DeleteAllAsync("Event")),
        new("quota-of-nothing", ForbidPodsAsync)
        {
            IsAlone = true,
            Meanwhile = [$"condition Running=False {Reasons.PodRejected} exceeded quota"],
            Mend = run => run.DeleteAsync("ResourceQuota", "nothing"),
        },
        new("service-accounts-deleted", async run =>
        {
            await run.DeleteAllAsync("ServiceAccount");
            await run.Run.ForceDeletePodAsync(1);
        }) { IsAlone = true },
        new("namespace-deleted", run => run.Cluster.Kubectl.RunAsync(["delete", "namespace", run.Namespace, "--wait=false"]))
        {
            IsAlone = true, Ends = ["gone"], Answers = null,
        },
        new("lease-deleted", run => run.Cluster.Kubectl.RunAsync(["delete", "lease", "--all", "--namespace", TestCluster.OperatorNamespace])),
        new("deleted", run => run.DeleteAsync(ApiConstants.AgentRunKind, run.Name)) { Ends = ["gone"], Answers = null },
        new("deleted-in-the-foreground", run => run.DeleteAsync(ApiConstants.AgentRunKind, run.Name, "?propagationPolicy=Foreground"))
        {
            Ends = ["gone"], Answers = null,
        },
        new("deleted-without-what-it-owns", run => run.DeleteAsync(ApiConstants.AgentRunKind, run.Name, "?propagationPolicy=Orphan"))
        {
            Then = ["gone"],
            Mend = DeleteOrphansAsync,
            Ends = ["gone"], Answers = null,
        },
        new("deleted-and-held", HoldAsync)
        {
            Meanwhile = [$"condition Running=False {Reasons.Deleting} test.example/hold"],
            Mend = run => run.PatchAsync("""{"metadata": {"finalizers": null}}"""),
            Ends = ["gone"],
            Answers = null,
        },
        new("deleted-and-created-anew", RecreateAsync)
        {
            Meanwhile = [$"condition Running=False {Reasons.PodTerminating} of the same name", $"phase {Phases.Running}"],
            Answers = null,
        },
    ];

    private static Manipulation OwnEndpoint(string name, Func<LiveRun, Task> change) => new(name, change)
    {
        Spec = spec => spec with { Model = spec.Model with { EndpointRef = new LocalReference { Name = name } } },
        Prepare = async run =>
        {
            await ApplySecretAsync(run);
            await ApplyEndpointAsync(run);
        },
    };

    private static Manipulation OwnTask(string name, Func<LiveRun, Task> change) => new(name, change)
    {
        Spec = spec => spec with
        {
            Task = null, TaskFrom = new TaskSource { ConfigMapKeyRef = new ConfigMapKeyReference { Name = name, Key = "task" } },
        },
        Prepare = run => run.CreateAsync("ConfigMap", $$"""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: {{run.Name}} }
            data: {task: "Do what the script says."}
            """),
    };

    private static Task ApplySecretAsync(LiveRun run) => ApplyAsync(run, $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: {{run.Name}} }
        type: {{ApiConstants.ModelKeySecretType}}
        stringData: {key: {{TestCluster.ModelKey}} }
        """);

    private static Task ApplyEndpointAsync(LiveRun run) => ApplyAsync(run, $$"""
        apiVersion: agentoperator.dev/v1alpha1
        kind: ModelEndpoint
        metadata: {name: {{run.Name}} }
        spec:
          baseUrl: {{ModelServer.BaseUrl}}
          apiKeySecretRef: {name: {{run.Name}}, key: key}
          allowPlainHttp: true
        """);

    private static Task ApplyAsync(LiveRun run, string manifest) =>
        run.Cluster.Kubectl.RunAsync(["apply", "--namespace", run.Namespace, "-f", "-"], manifest);

    private static Task ForgeOutageAsync(LiveRun run) => run.PatchAsync(
        ApiConstants.ModelEndpointKind,
        run.Name,
        """
        {"status": {"observedGeneration": 1, "retryAt": "2099-01-01T00:00:00Z",
          "conditions": [{"type": "Available", "status": "False", "reason": "EndpointUnavailable", "message": "Forged.",
            "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
        """,
        "/status");

    private static async Task ForbidPodsAsync(LiveRun run)
    {
        await run.CreateAsync("ResourceQuota", """
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: nothing}
            spec: {hard: {pods: "0"}}
            """);
        await run.Run.ForceDeletePodAsync(1);
    }

    private static async Task HoldAsync(LiveRun run)
    {
        await run.PatchAsync("""{"metadata": {"finalizers": ["test.example/hold"]}}""");
        await run.DeleteAsync(ApiConstants.AgentRunKind, run.Name);
    }

    /// <summary>Whoever leaves what a run owns deletes it. The agent has ended by itself, since it has no run.</summary>
    private static async Task DeleteOrphansAsync(LiveRun run)
    {
        // The operator deletes the pod itself if it sees the run before the garbage collector lets it go.
        await run.Run.KubectlAsync("delete", "pod", run.Run.PodName(1), "--ignore-not-found");
        foreach (var segment in await run.SegmentsAsync())
        {
            await run.DeleteAsync(ApiConstants.JournalSegmentKind, LiveRun.NameOf(segment));
        }
    }

    private static async Task RecreateAsync(LiveRun run)
    {
        await run.DeleteAsync(ApiConstants.AgentRunKind, run.Name);
        await run.CreateAgainAsync();
    }
}
