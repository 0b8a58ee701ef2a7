namespace AgentOperator.EndToEnd.Survival;

/// <summary>A tool call that ends one attempt after the other.</summary>
public sealed class RepeatedCrashTests : EndToEndTest
{
    [Test]
    public async Task CallFillsTheMemoryOfEveryAttempt_ModelIsToldAtTheCapAndGoesAnotherWay()
    {
        var scenario = NewScenario();

        // Memory in /dev/shm (64 MiB at most) belongs to no process. Together with any runner it exceeds the limit of every attempt.
        scenario.Shell($"{scenario.Effect("fills-$AGENT_ATTEMPT")}; head -c 63M /dev/zero > /dev/shm/full && sleep 300")
            .Shell(scenario.Effect("another way"), expect: "at a memory limit of 66Mi, the largest allowed")
            .Answer("Done.");
        var spec = Specs.Of(ScenarioName);
        var run = await StartAsync(scenario, spec with
        {
            Resources = spec.Resources with { Limits = new ResourceLimits { Memory = "64Mi" } },
            Recovery = spec.Recovery with { OutOfMemory = new OutOfMemorySpec { MemoryPercent = 125, MaxMemory = "66Mi" } },
        });

        var status = await run.SucceededAsync(3);

        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.OutOfMemory, Outcomes.OutOfMemory, Outcomes.Completed }));
        Assert.That(status.Attempts!.Select(attempt => attempt.MemoryLimit), Is.EqualTo(new[] { "64Mi", "66Mi", "66Mi" }));
        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "fills-1", "fills-2", "another way" }));
        Assert.That(await run.KubectlAsync("get", "events"), Does.Contain(Reasons.RepeatedCrash));
    }

    [Test]
    [LocalCluster("kills the agent's process on its node")]
    public async Task CallEndsMaxFailuresAttempts_ModelIsToldAndGoesAnotherWay()
    {
        var scenario = NewScenario();
        scenario.Shell($"{scenario.Effect("attempt-$AGENT_ATTEMPT")}; sleep 300")
            .Shell(scenario.Effect("another way"), expect: "lost repeatedly while it was in progress, the last time with Error")
            .Answer("Done.");
        var spec = Specs.Of(ScenarioName) with { Recovery = new RecoverySpec { MaxFailures = 2, BackoffSeconds = 1, MaxBackoffSeconds = 1 } };
        var run = await StartAsync(scenario, spec);

        // The first attempt commits the model's answer, so it costs nothing.
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await EffectAsync($"attempt-{attempt}");
            await NodeProcess.SignalAgentAsync(await run.PodAsync(attempt, _ => true), "KILL");
        }

        var status = await run.SucceededAsync(3);
        Assert.That(status.EndsOf(), Is.EqualTo(new[] { Outcomes.Error, Outcomes.Error, Outcomes.Error, Outcomes.Completed }));
        Assert.That(await EffectKeysAsync(), Is.EqualTo(new[] { "attempt-1", "attempt-2", "attempt-3", "another way" }));
    }
}
