using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>The ways in which a run or an attempt ends.</summary>
internal sealed class EndTests
{
    [Test]
    public async Task Run_FinalAnswer_Succeeds()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Say("the answer"));

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done));
        Assert.That(
            harness.Journal.Finished,
            Is.EqualTo(new RunFinishedPayload { Outcome = RunOutcome.Succeeded, Reason = "Completed", Result = "the answer" }));
    }

    [Test]
    public async Task Run_MaxStepsReached_FailsAndNamesTheLimit()
    {
        var run = RunnerHarness.DefaultRun with { Limits = RunnerHarness.DefaultRun.Limits with { MaxSteps = 3 } };
        await using var harness = await RunnerHarness.StartAsync(run, ModelStep.Shell(RunnerHarness.Effect("again")));

        var exit = await harness.RunAttemptAsync();

        Assert.Multiple(() =>
        {
            Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.BudgetExhausted));
            Assert.That(harness.Gateway.Sampled, Has.Count.EqualTo(3));
            Assert.That(harness.Effects, Has.Count.EqualTo(3), "the calls of the last answer are run: the answer is paid");
            Assert.That((harness.Journal.Finished?.Outcome, harness.Journal.Finished?.Reason), Is.EqualTo((RunOutcome.Failed, "BudgetExhausted")));
            Assert.That(harness.Journal.Finished?.Message, Does.Contain("used 3 steps, all that limits.maxSteps allows"));
        });
    }

    [TestCase(402, ErrorCodes.BudgetExhausted, RunnerExitCodes.BudgetExhausted)]
    [TestCase(422, ErrorCodes.ModelRejected, RunnerExitCodes.AuthOrQuota)]
    public async Task ModelCall_RefusedForGood_FailsTheRun(int status, string code, int exitCode)
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Say("never"));
        harness.Gateway.Inject(new Fault(Routes.ChatCompletions, Status: status, Code: code));

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(exitCode));
        Assert.That(
            (harness.Journal.Finished?.Outcome, harness.Journal.Finished?.Reason, harness.Journal.Finished?.Message),
            Is.EqualTo((RunOutcome.Failed, code, "injected")));
    }

    [Test]
    public async Task ModelCall_TheProviderStaysAway_EndsTheAttemptWithoutAResult()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Say("never"));
        harness.Patience = TimeSpan.FromMilliseconds(1);
        for (var i = 0; i < 5; i++)
        {
            harness.Gateway.Inject(new Fault(Routes.ChatCompletions, Status: 503, Code: ErrorCodes.ModelUnavailable));
        }

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.EndpointUnavailable));
        Assert.That(harness.Journal.Finished, Is.Null);
    }

    [Test]
    public async Task ModelCall_TheGatewayHasABug_EndsTheAttemptAfterAFewTries()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Say("never"));
        for (var i = 0; i < 3; i++)
        {
            harness.Gateway.Inject(new Fault(Routes.ChatCompletions, Status: 500, Code: ErrorCodes.InternalError));
        }

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.Error, TerminationReasons.GatewayError)));
        Assert.That((harness.Gateway.Refused, harness.Journal.Finished), Is.EqualTo((3, (RunFinishedPayload?)null)));
    }

    [TestCase(Routes.ChatCompletions)]
    [TestCase(Routes.Journal)]
    public async Task Record_TheStoreRefusesItForGood_FailsTheRunAtOnce(string route)
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Shell("true"), ModelStep.Say("never"));
        harness.Gateway.Inject(new Fault(route, Status: 422, Code: ErrorCodes.RecordRefused));

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.Done, ErrorCodes.RecordRefused)));
        Assert.That((harness.Journal.Finished?.Outcome, harness.Gateway.Refused), Is.EqualTo((RunOutcome.Failed, 1)));
    }

    [Test]
    public async Task Record_DoesNotFitIntoTheJournal_FailsTheRunForItsBudget()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Shell("true"), ModelStep.Say("never"));
        harness.Gateway.Inject(new Fault(Routes.Journal, Status: 402, Code: ErrorCodes.BudgetExhausted));

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.BudgetExhausted, TerminationReasons.BudgetExhausted)));
        Assert.That((harness.Journal.Finished?.Outcome, harness.Gateway.Refused), Is.EqualTo((RunOutcome.Failed, 1)));
    }

    /// <summary>It would be refused again: the attempt ends, and counts as a failure.</summary>
    [Test]
    public async Task Record_TheGatewayCallsItInvalid_EndsTheAttemptAtOnce()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Shell("true"), ModelStep.Say("never"));
        harness.Gateway.BeforeAnswer = (_, _) =>
        {
            // Strikes the tool's record: an older gateway does not know the list of tools, which is no reason to end.
            harness.Gateway.Inject(new Fault(Routes.Journal, Status: 400, Code: ErrorCodes.InvalidRequest));
            return Task.CompletedTask;
        };

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.Error, TerminationReasons.GatewayError)));
        Assert.That((harness.Gateway.Refused, harness.Journal.Finished), Is.EqualTo((1, (RunFinishedPayload?)null)));
    }

    /// <summary>The operator waits for a provider without a pod; the gateway itself is worth a longer wait.</summary>
    [TestCase(3600)]
    [TestCase(46)]
    public async Task ModelCall_RetryAfterIsBeyondPatience_EndsTheAttemptAtOnce(int seconds)
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Say("never"));
        harness.Gateway.Inject(new Fault(Routes.ChatCompletions, Status: 503, Code: ErrorCodes.ModelUnavailable, RetryAfterSeconds: seconds));

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.EndpointUnavailable));
        Assert.That(harness.Gateway.Sampled, Is.Empty);
    }

    [Test]
    public async Task Run_TheGatewayIsNotThere_EndsTheAttempt()
    {
        var harness = await RunnerHarness.StartAsync();
        harness.Patience = TimeSpan.FromMilliseconds(1);
        harness.Claim();
        var options = harness.Options();
        await harness.Gateway.DisposeAsync();

        var exit = await harness.RunAttemptAsync(options);

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.EndpointUnavailable));
    }

    [Test]
    public async Task Run_DeadlineHasPassed_Fails()
    {
        var run = RunnerHarness.DefaultRun with { Deadline = RunnerHarness.GatewayTime.AddSeconds(-1) };
        await using var harness = await RunnerHarness.StartAsync(run, ModelStep.Say("never"));

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.BudgetExhausted));
        Assert.That((harness.Journal.Finished?.Outcome, harness.Journal.Finished?.Reason), Is.EqualTo((RunOutcome.Failed, "DeadlineExceeded")));
    }

    [Test]
    public async Task Run_DeadlinePassesDuringATool_StopsTheToolAndFails()
    {
        var run = RunnerHarness.DefaultRun with { Deadline = RunnerHarness.GatewayTime.AddSeconds(2) };
        await using var harness = await RunnerHarness.StartAsync(run, ModelStep.Shell("sleep 1000"), ModelStep.Say("never"));

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.BudgetExhausted), exit.Message);
        Assert.That(harness.Journal.Finished?.Reason, Is.EqualTo("DeadlineExceeded"));
    }

    [Test]
    public async Task Attempt_ANewerEpochOwnsTheRun_CommitsNothing()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Shell(RunnerHarness.Effect("stale")), ModelStep.Say("never"));
        harness.Gateway.BeforeAnswer = (_, _) =>
        {
            harness.Journal.ClaimEpoch();
            return Task.CompletedTask;
        };

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.Fenced, ErrorCodes.StaleEpoch)));
        Assert.That(harness.Effects, Is.Empty);
        Assert.That(harness.Journal.Records[^1].Kind, Is.EqualTo(RecordKinds.EpochClaimed));
    }

    [Test]
    public async Task Attempt_TheJournalWasSetBack_StopsAndDoesNothingAgain()
    {
        await using var harness = await RunnerHarness.StartAsync(
            null, ModelStep.Shell(RunnerHarness.Effect("once")), ModelStep.Shell(RunnerHarness.Effect("never")), ModelStep.Say("never"));
        harness.Gateway.BeforeAnswer = (step, _) =>
        {
            if (step == 1)
            {
                harness.Journal.SetBackTo(2);
            }

            return Task.CompletedTask;
        };

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.Fenced, ErrorCodes.JournalBroken)));
        Assert.That(exit.Message, Does.Contain("set back"));
        Assert.That(harness.Effects, Is.EqualTo(new[] { "once" }));
        Assert.That(harness.Journal.Head, Is.EqualTo(2), "nothing is written over the gap");
    }

    [Test]
    public async Task Attempt_TheOperatorEndedTheRun_Leaves()
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Shell("true"), ModelStep.Say("never"));
        harness.Gateway.BeforeAnswer = (step, _) =>
        {
            if (step == 1)
            {
                harness.Journal.Force(new NewRecord(RecordKinds.RunFinished, System.Text.Json.JsonSerializer.SerializeToElement(
                    new RunFinishedPayload { Outcome = RunOutcome.Failed, Reason = "DeadlineExceeded" }, ProtocolJson.Default.RunFinishedPayload)));
            }

            return Task.CompletedTask;
        };

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.Done, ErrorCodes.RunFinished)));
    }

    [TestCase("length", RunOutcome.Succeeded, "Completed")]
    [TestCase("content_filter", RunOutcome.Failed, "ContentFiltered")]
    public async Task Run_FinalAnswerIsNotWhole_SaysSo(string finishReason, RunOutcome outcome, string reason)
    {
        await using var harness = await RunnerHarness.StartAsync(null, ModelStep.Say("part", finishReason));

        await harness.RunAttemptAsync();

        Assert.That((harness.Journal.Finished?.Outcome, harness.Journal.Finished?.Reason), Is.EqualTo((outcome, reason)));
        Assert.That(harness.Journal.Finished?.Message, Is.Not.Null);
    }

    [Test]
    public async Task Run_TheSpecNamesAToolThatIsNotThere_IsInvalid()
    {
        var run = RunnerHarness.DefaultRun with { Tools = [new ToolDefinition { Name = "browser", Effect = ToolEffect.Pure }] };
        await using var harness = await RunnerHarness.StartAsync(run);

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.InvalidSpec));
        Assert.That(exit.Message, Does.Contain("'browser'"));
    }
}
