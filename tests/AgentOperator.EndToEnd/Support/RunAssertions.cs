namespace AgentOperator.EndToEnd.Support;

/// <summary>What must hold of runs, asserted on the model's own log as well as on the status.</summary>
internal static class RunAssertions
{
    /// <summary>The run succeeded, and the model was asked once for each step and never again.</summary>
    public static async Task<AgentRunStatus> SucceededAsync(this TestRun run, int modelCalls, TimeSpan? deadline = null)
    {
        var status = await run.FinishedAsync(deadline);
        var calls = await run.ModelCallsAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status.Phase, Is.EqualTo(Phases.Succeeded), status.Condition(ConditionTypes.Finished)?.Message);
            Assert.That(calls.RepeatedModelCalls, Is.Zero, "the model's log has an answer twice");
            Assert.That(calls.ModelCalls, Is.EqualTo(modelCalls), "answers by the model's own log");
            Assert.That(calls.Rejected, Is.Zero, "the model refused a conversation that is not the scenario's");
            Assert.That(status.Usage?.ModelCalls, Is.EqualTo(modelCalls), "answers by the status");
            Assert.That(
                run.Observer.Seen.Count(seen => Phases.IsTerminal(seen.Status.Phase) && seen.Status.Phase != status.Phase), Is.Zero, "one end only");
        }

        return status;
    }

    /// <summary>The survivor's run met an OOM kill and an eviction, by its status and by what the kubelet itself says of its pods.</summary>
    public static async Task AssertSurvivedAsync(this TestRun run, AgentRunStatus status)
    {
        var attempts = status.Attempts!;
        var first = await run.PodAsync(1, _ => true);
        var second = await run.PodAsync(2, _ => true);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.OutOfMemory, Outcomes.Evicted, Outcomes.Completed }));
            Assert.That(attempts[0].Reason, Is.EqualTo("OOMKilled"));
            Assert.That(attempts[0].ExitCode, Is.EqualTo(137));
            Assert.That(attempts[1].Reason, Is.EqualTo("Evicted"));
            Assert.That(attempts.Select(attempt => attempt.MemoryLimit), Is.EqualTo(new[] { "64Mi", "128Mi", "128Mi" }));
            Assert.That(status.Failures ?? 0, Is.Zero, "neither is the agent's failure");
            Assert.That(first.Status.ContainerStatuses[0].State.Terminated.Reason, Is.EqualTo("OOMKilled"));
            Assert.That(second.Status.Reason, Is.EqualTo("Evicted"));
        }
    }

    public static Condition? Condition(this AgentRunStatus status, string type) =>
        status.Conditions?.FirstOrDefault(condition => condition.Type == type);

    /// <summary>How the attempts ended, in order.</summary>
    public static IReadOnlyList<string?> EndsOf(this AgentRunStatus status) => [.. (status.Attempts ?? []).Select(attempt => attempt.Outcome)];
}
