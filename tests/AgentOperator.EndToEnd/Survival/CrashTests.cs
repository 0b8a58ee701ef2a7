namespace AgentOperator.EndToEnd.Survival;

/// <summary>The agent's process dies at once, with nothing said.</summary>
[LocalCluster("kills the agent's process on its node")]
public sealed class CrashTests : EndToEndTest
{
    [Test]
    public async Task AgentKilled_WhileToolRuns_NextAttemptGoesOnFromTheLastCommit()
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("one"))
            .Shell($"[ \"$AGENT_ATTEMPT\" != 1 ] || {{ {scenario.Effect("hanging")}; sleep 300; }}; {scenario.Effect("two")}")
            .Answer("Done.");
        var run = await StartAsync(scenario);

        await EffectAsync("hanging");
        await NodeProcess.SignalAgentAsync(await run.PodAsync(1, _ => true), "KILL");
        var status = await run.SucceededAsync(3);

        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "one", "hanging", "two" }));
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Error, Outcomes.Completed }), "SIGKILL alone is not a kill for memory");
        Assert.That(status.Attempts![0].ExitCode, Is.EqualTo(137));
        Assert.That(status.Attempts[1].FromSequence, Is.GreaterThanOrEqualTo(status.Attempts[0].ToSequence!), "nothing committed is lost");
    }

    [Test]
    public async Task AgentKilled_WhileModelThinks_AnswerThatIsPaidIsUsed()
    {
        var scenario = NewScenario();
        scenario.Shell(scenario.Effect("one"))
            .Shell(scenario.Effect("two"), holdUntil: "gone")
            .Answer("Done.");
        var run = await StartAsync(scenario);

        await run.UntilAsync("the first tool's result", status => status.Usage?.ToolCalls == 1);
        await NodeProcess.SignalAgentAsync(await run.PodAsync(1, _ => true), "KILL");
        await run.UntilAsync("the first attempt to be over", status => status.Attempts is [{ Outcome: not null }, ..]);
        await Model.AddEffectAsync(ScenarioName, "gone");

        // The call continues in the replica that made it. The next attempt gets its answer from either replica.
        var status = await run.SucceededAsync(3);
        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "one", "gone", "two" }));
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Error, Outcomes.Completed }));
    }

    [Test]
    public async Task AgentKilled_AgainAndAgainAtTheSameStep_RunFailsAfterMaxFailures()
    {
        var scenario = NewScenario();
        scenario.Shell($"{scenario.Effect("attempt-$AGENT_ATTEMPT")}; sleep 300").Answer("Never.");
        var spec = Specs.Of(ScenarioName) with
        {
            Recovery = new RecoverySpec { MaxFailures = 2, BackoffSeconds = 1, MaxBackoffSeconds = 1, RepeatedCrash = RepeatedCrashPolicy.Fail },
        };
        var run = await StartAsync(scenario, spec);

        // The first attempt commits the model's answer, so it costs nothing.
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await EffectAsync($"attempt-{attempt}");
            await NodeProcess.SignalAgentAsync(await run.PodAsync(attempt, _ => true), "KILL");
        }

        var status = await run.FinishedAsync();
        var calls = await run.ModelCallsAsync();
        Assert.That(status.Phase, Is.EqualTo(Phases.Failed));
        Assert.That(status.Condition(ConditionTypes.Finished)?.Reason, Is.EqualTo(Outcomes.Error), "the reason is how the last attempt ended");
        Assert.That(status.Attempt, Is.EqualTo(3));
        Assert.That(calls.ModelCalls, Is.EqualTo(1));
    }
}
