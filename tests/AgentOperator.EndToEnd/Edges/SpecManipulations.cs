namespace AgentOperator.EndToEnd.Edges;

/// <summary>What users do to the spec of a run at work.</summary>
internal static class SpecManipulations
{
    public static IReadOnlyList<Manipulation> All { get; } =
    [
        new("recovery-null", run => run.PatchAsync("""{"spec": {"recovery": null}}"""))
        {
            Spec = spec => spec with { Recovery = new RecoverySpec() },
        },
        Immutable("recovery-null-changes", """{"spec": {"recovery": null}}""", "spec.recovery.backoffSeconds"),
        Immutable("model-changed", """{"spec": {"model": {"name": "other"}}}""", "spec.model.name"),
        Immutable("endpoint-changed", """{"spec": {"model": {"endpointRef": {"name": "other"}}}}""", "spec.model.endpointRef"),
        Immutable("task-changed", """{"spec": {"task": "Do something else."}}""", "spec.task"),
        Immutable("tools-removed", """{"spec": {"tools": []}}""", "spec.tools"),
        Immutable("memory-lowered", """{"spec": {"resources": {"limits": {"memory": "32Mi"}, "requests": null}}}""", "spec.resources"),
        Immutable("steps-lowered", """{"spec": {"limits": {"maxSteps": 1}}}""", "spec.limits.maxSteps"),
        Immutable("tokens-lowered", """{"spec": {"limits": {"maxTokens": 1}}}""", "spec.limits.maxTokens"),
        Immutable("deadline-in-the-past", """{"spec": {"limits": {"activeDeadlineSeconds": 1}}}""", "spec.limits.activeDeadlineSeconds"),
        Immutable("steps-lowered-and-restored", """{"spec": {"limits": {"maxSteps": 1}}}""", "spec.limits.maxSteps") with
        {
            Mend = run => run.PatchAsync("""{"spec": {"limits": {"maxSteps": 100}}}"""),
        },
        Immutable("model-changed-and-pod-lost", """{"spec": {"model": {"name": "other"}}}""", "spec.model.name") with
        {
            Then = [$"phase {Phases.Waiting}", "refused spec.model.name"],
            Do = async run =>
            {
                await run.PatchAsync("""{"spec": {"model": {"name": "other"}}}""");
                await run.Run.ForceDeletePodAsync(1);
            },
            Mend = run => run.PatchAsync($$$$"""{"spec": {"model": {"name": "{{{{run.Scenario}}}}"}}}"""),
        },
        new("limits-raised", run => run.PatchAsync("""{"spec": {"limits": {"maxSteps": 200, "maxTokens": null}}}"""))
        {
            Meanwhile = ["condition Accepted=True Valid"],
        },
        new("context-lowered", run => run.PatchAsync("""{"spec": {"limits": {"maxContextBytes": 8192}}}""")),
        new("parameters-of-the-gateway", run => run.PatchAsync("""{"spec": {"model": {"parameters": {"messages": [], "seed": 1}}}}"""))
        {
            Meanwhile = ["invalid spec.model.parameters.messages"],
        },
        new("template-invalid", run => run.PatchAsync("""{"spec": {"podTemplate": {"metadata": {"labels": {"agentoperator.dev/run": "other"}}}}}"""))
        {
            Meanwhile = ["invalid spec.podTemplate"],
        },
        new("template-changed", run => run.PatchAsync("""{"spec": {"podTemplate": {"metadata": {"labels": {"team": "crabs"}}}}}""")),
        new("suspended", run => run.PatchAsync("""{"spec": {"suspend": true}}"""))
        {
            Meanwhile = [$"phase {Phases.Suspended}"],
            Mend = run => run.PatchAsync("""{"spec": {"suspend": false}}"""),
        },
        new("suspended-in-a-flicker", Flicker),
        new("ttl-zero", run => run.PatchAsync("""{"spec": {"ttlSecondsAfterFinished": 0}}""")) { Ends = ["gone"] },
        new("metadata-of-another-run", run => run.PatchAsync("""
            {"metadata": {"labels": {"agentoperator.dev/run": "other", "agentoperator.dev/attempt": "9"},
              "annotations": {"agentoperator.dev/heartbeat": "x"}}}
            """)),
    ];

    /// <summary>A server without CEL takes the change. The attempt at work goes on under the accepted spec.</summary>
    private static Manipulation Immutable(string name, string patch, string field) => new(name, run => run.PatchAsync(patch))
    {
        Meanwhile = [$"condition Accepted=False {Reasons.ImmutableField} {field}", $"refused {field}"],
    };

    private static async Task Flicker(LiveRun run)
    {
        for (var time = 0; time < 4; time++)
        {
            await run.PatchAsync("""{"spec": {"suspend": true}}""");
            await run.PatchAsync("""{"spec": {"suspend": false}}""");
        }
    }
}
