using AgentOperator.Protocol;
using AgentRunner.Loop;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>SIGTERM and the operator's stop: the step in flight is finished or given up, and nothing is half-written.</summary>
internal sealed class StopTests
{
    /// <summary>A grace period that is used up by the margin for the last commit: steps are given up at once.</summary>
    private static readonly TimeSpan NoGrace = TimeSpan.FromSeconds(5);

    private static readonly string Wait = "echo started >> \"$LEDGER\"; while [ ! -e go ]; do sleep 0.02; done; echo ended >> \"$LEDGER\"";

    [Test]
    public async Task Stop_ToolInFlightWithinTheGrace_FinishesAndCommitsIt()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Shell(Wait), ModelStep.Say("done"));
        using var stop = new StopSignal(TimeSpan.FromHours(1), TimeProvider.System);
        var attempt = harness.RunAttemptAsync(stop);
        await Eventually.HoldsAsync(() => harness.Effects.Count == 1, "the tool's start");

        stop.Request("SIGTERM");
        await File.WriteAllTextAsync(Path.Combine(harness.Workspace, "go"), "");
        var exit = await attempt;

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.Parked, TerminationReasons.Stopped)), exit.Message);
        Assert.That(harness.Journal.Records[^1].Kind, Is.EqualTo(RecordKinds.ToolResult));
        Assert.That(harness.Gateway.Sampled, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Stop_ToolInFlightBeyondTheGrace_KillsItWithoutAnOutcome()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Shell(Wait), ModelStep.Say("checked"));
        using var stop = new StopSignal(NoGrace, TimeProvider.System);
        var attempt = harness.RunAttemptAsync(stop);
        await Eventually.HoldsAsync(() => harness.Effects.Count == 1, "the tool's start");

        stop.Request("SIGTERM");
        var exit = await attempt;

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Parked), exit.Message);
        Assert.That(harness.Journal.Records[^1].Kind, Is.EqualTo(RecordKinds.ToolIntent));

        var next = await harness.RunAttemptAsync();
        Assert.That(next.Code, Is.EqualTo(RunnerExitCodes.Done));
        Assert.That(harness.Effects, Is.EqualTo(new[] { "started" }));
        Assert.That(harness.Journal.Count(RecordKinds.ToolUnknown), Is.EqualTo(1));
    }

    [Test]
    public async Task Stop_ModelCallInFlightBeyondTheGrace_GivesItUp()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Say("never"));
        harness.Gateway.BeforeAnswer = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        using var stop = new StopSignal(NoGrace, TimeProvider.System);
        var attempt = harness.RunAttemptAsync(stop);
        await Eventually.HoldsAsync(() => harness.Gateway.Sampled.Count == 1, "the model call");

        stop.Request("SIGTERM");
        var exit = await attempt;

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Parked), exit.Message);
        Assert.That(harness.Journal.Records[^1].Kind, Is.EqualTo(RecordKinds.ToolsListed));
    }

    [Test]
    public async Task Stop_WhileTheGatewayIsAway_EndsTheWaiting()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Say("never"));
        harness.Gateway.Inject(new Fault($"GET {Routes.Run}", Status: 503, Code: ErrorCodes.JournalUnavailable, RetryAfterSeconds: 3000));
        harness.Patience = TimeSpan.FromHours(2);
        using var stop = new StopSignal(NoGrace, TimeProvider.System);
        var attempt = harness.RunAttemptAsync(stop);
        await Eventually.HoldsAsync(() => harness.Gateway.Refused > 0, "the refusal");

        stop.Request("SIGTERM");

        Assert.That((await attempt).Code, Is.EqualTo(RunnerExitCodes.Parked));
    }

    [Test]
    public async Task Heartbeat_TheOperatorSaysStop_StopsAsAfterSigterm()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Shell(Wait), ModelStep.Say("never"));
        harness.Grace = NoGrace;
        var attempt = harness.RunAttemptAsync();
        await Eventually.HoldsAsync(() => harness.Effects.Count == 1, "the tool's start");

        harness.Gateway.Directive = new HeartbeatResponse(HeartbeatDirective.Stop, "suspended");
        var exit = await attempt;

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Parked));
        Assert.That(exit.Message, Does.Contain("suspended"));
    }

    [Test]
    public async Task Heartbeat_DuringALongTool_IsSentAndSaysWhatIsDone()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Shell(Wait), ModelStep.Say("done"));
        var attempt = harness.RunAttemptAsync();

        await Eventually.HoldsAsync(
            () => harness.Gateway.Heartbeats.Count(beat => beat.Message == "tool shell") >= 2, "two heartbeats during the tool");
        await File.WriteAllTextAsync(Path.Combine(harness.Workspace, "go"), "");

        Assert.That((await attempt).Code, Is.EqualTo(RunnerExitCodes.Done));
    }

    [Test]
    public async Task Heartbeat_ANewerEpochOwnsTheRun_KillsTheToolAtOnce()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Shell(Wait), ModelStep.Say("never"));
        var attempt = harness.RunAttemptAsync();
        await Eventually.HoldsAsync(() => harness.Effects.Count == 1, "the tool's start");

        harness.Journal.ClaimEpoch();
        var exit = await attempt;

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.Fenced, ErrorCodes.StaleEpoch)));
        Assert.That(harness.Effects, Is.EqualTo(new[] { "started" }));
    }

    [Test]
    public async Task Heartbeat_TheGatewayIsAway_DoesNotEndTheRun()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Shell(Wait), ModelStep.Say("done"));
        harness.Gateway.Inject(new Fault(Routes.Heartbeat, Status: 503));
        harness.Gateway.Inject(new Fault(Routes.Heartbeat));
        var attempt = harness.RunAttemptAsync();

        await Eventually.HoldsAsync(() => harness.Gateway.Heartbeats.Count > 0, "a heartbeat after the failures");
        await File.WriteAllTextAsync(Path.Combine(harness.Workspace, "go"), "");

        Assert.That((await attempt).Code, Is.EqualTo(RunnerExitCodes.Done));
    }
}
