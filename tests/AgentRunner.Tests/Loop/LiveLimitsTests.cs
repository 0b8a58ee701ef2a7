using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>Limits that are changed while an attempt works.</summary>
internal sealed class LiveLimitsTests
{
    [Test]
    public async Task MaxSteps_RaisedAtTheLastStep_RunGoesOn()
    {
        await using var harness = await StartAsync(limits => limits with { MaxSteps = 2 });
        harness.Gateway.BeforeAnswer = (step, _) =>
        {
            if (step == 1)
            {
                Change(harness, limits => limits with { MaxSteps = 3 });
            }

            return Task.CompletedTask;
        };

        var exit = await harness.RunAttemptAsync();

        Assert.That(harness.Journal.Finished?.Result, Is.EqualTo("done"), exit.Message);
    }

    [Test]
    public async Task Deadline_MovedBeforeItPasses_RunGoesOn()
    {
        var run = RunnerHarness.DefaultRun with { Deadline = RunnerHarness.GatewayTime.AddSeconds(3), Generation = 1 };
        await using var harness = await RunnerHarness.StartAsync(run, ModelStep.Shell("sleep 5; echo slept"), ModelStep.Say("done"));
        harness.Gateway.BeforeAnswer = (_, _) =>
        {
            harness.Gateway.Directive = new HeartbeatResponse(
                HeartbeatDirective.Continue, Terms: (run with { Deadline = RunnerHarness.GatewayTime.AddHours(1), Generation = 2 }).Terms);
            return Task.CompletedTask;
        };

        var exit = await harness.RunAttemptAsync();

        Assert.That(harness.Journal.Finished?.Result, Is.EqualTo("done"), exit.Message);
        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolResult).Single().Content, Does.Contain("slept"));
    }

    [TestCase(8192)]
    [TestCase(2_000_000)]
    public async Task MaxContextBytes_ChangedWhileTheAgentWorks_IsJournaledAndUsedFromTheNextRequestOn(int changed)
    {
        await using var harness = await StartAsync(limits => limits);
        harness.Gateway.Directive = new HeartbeatResponse(
            HeartbeatDirective.Continue, Terms: (harness.Gateway.Run with
            {
                Generation = 2, Limits = harness.Gateway.Run.Limits with { MaxContextBytes = changed },
            }).Terms);
        harness.Gateway.BeforeAnswer = (step, _) => step == 1
            ? Eventually.HoldsAsync(() => harness.Gateway.Heartbeats.Count > 1, "a second heartbeat")
            : Task.CompletedTask;

        await harness.RunAttemptAsync();
        Assert.That(harness.Journal.Finished?.Result, Is.EqualTo("done"));

        var kinds = harness.Journal.Records.Select(record => record.Kind).ToList();
        Assert.That(kinds.Count(kind => kind == RecordKinds.ContextShortened), Is.EqualTo(1));
        Assert.That(harness.Gateway.Sampled[^1].Body.Contains("tool result elided", StringComparison.Ordinal), Is.EqualTo(changed == 8192));
    }

    [Test]
    public async Task MaxContextBytes_LoweredBetweenAttempts_RequestsBeforeItAreReplayedAsTheyWere()
    {
        await using var harness = await StartAsync(limits => limits);
        await harness.RunAttemptAsync(new CrashingTransport(new SocketsHttpHandler(), crashAt: 6));
        var before = harness.Gateway.Sampled.Count;
        Change(harness, limits => limits with { MaxContextBytes = 8192 });

        var exit = await harness.RunAttemptAsync();

        Assert.That(before, Is.InRange(1, 2));
        Assert.That(harness.Journal.Finished?.Result, Is.EqualTo("done"), exit.Message);
        Assert.That(harness.Journal.Count(RecordKinds.ContextShortened), Is.EqualTo(1));
    }

    private static Task<RunnerHarness> StartAsync(Func<RunLimits, RunLimits> change)
    {
        var run = RunnerHarness.RunWithShell(ToolEffect.Pure);
        return RunnerHarness.StartAsync(
            run with { Generation = 1, Limits = change(run.Limits) },
            ModelStep.Shell("head -c 9000 /dev/zero | tr '\\0' x"), ModelStep.Shell("head -c 9000 /dev/zero | tr '\\0' y"), ModelStep.Say("done"));
    }

    private static void Change(RunnerHarness harness, Func<RunLimits, RunLimits> change)
    {
        var run = harness.Gateway.Run;
        harness.Gateway.Run = run with { Generation = run.Generation + 1, Limits = change(run.Limits) };
    }
}
