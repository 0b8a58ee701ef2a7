using AgentOperator.Api;
using AgentOperator.Chaos.Judging;
using AgentOperator.Chaos.RealCluster.Judging;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Tests.RealCluster;

/// <summary>The cluster's oracle finds each thing that must not be, and tells it from what is allowed.</summary>
internal sealed class RunJudgeTests
{
    [TestCase(ToolEffect.Pure)]
    [TestCase(ToolEffect.Keyed)]
    [TestCase(ToolEffect.Irreversible)]
    public void Judge_AllWentWell_FindsNothing(ToolEffect effect)
    {
        var verdict = new RunEvidenceBuilder(effect).Judge();

        Assert.That((verdict.Findings.Count, verdict.Exceptions.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Judge_RunFailed_IsLost() => AssertFound(new RunEvidenceBuilder { Phase = Phases.Failed }, FindingKind.Lost, "Failed with");

    [Test]
    public void Judge_OtherResult_IsLost() => AssertFound(new RunEvidenceBuilder { Result = "r0001" }, FindingKind.Lost, "its result is 'r0001'");

    [Test]
    public void Judge_NotEnded_IsStuck() => AssertFound(new RunEvidenceBuilder { Phase = Phases.Recovering }, FindingKind.Stuck, "still Recovering");

    [Test]
    public void Judge_RecordMissing_IsLost()
    {
        var run = new RunEvidenceBuilder();
        run.Journal.RemoveAt(4);

        AssertFound(run, FindingKind.Lost, "has record 6 where record 5 should be");
    }

    [Test]
    public void Judge_OlderEpochCommitsAfterNewer_IsLost()
    {
        var run = new RunEvidenceBuilder();
        run.Journal[4] = run.Journal[4] with { Epoch = 2 };

        AssertFound(run, FindingKind.Lost, "record 6 was committed by attempt 1 after attempt 2 had the run");
    }

    [Test]
    public void Judge_StepAnsweredTwiceWithoutADeadReplica_IsRepeated()
    {
        var run = new RunEvidenceBuilder();
        run.Calls.Add(RunEvidenceBuilder.Call(4, 1, 4.2));

        AssertFound(run, FindingKind.Repeated, "step 1 was answered by call 2");
    }

    [Test]
    public void Judge_StepAnsweredTwiceBecauseTheReplicaDied_IsAllowed()
    {
        var run = new RunEvidenceBuilder();
        run.Calls.Add(RunEvidenceBuilder.Call(4, 1, 4.9));
        run.Strikes.Add(RunEvidenceBuilder.OperatorKill(4.3, 4.4));

        AssertAllowed(run, ExceptionKind.AnswerLostWithReplica);
    }

    [Test]
    public void Judge_StepAnsweredTwiceAndOnlyAnotherReplicaDied_IsRepeated()
    {
        var run = new RunEvidenceBuilder();
        run.Calls.Add(RunEvidenceBuilder.Call(4, 1, 4.9));
        run.Strikes.Add(RunEvidenceBuilder.OperatorKill(4.3, 4.4, "10.1.0.6"));

        AssertFound(run, FindingKind.Repeated, "step 1 was answered by call 2");
    }

    [Test]
    public void Judge_ReplicaThatHadTheAnswerDiedTwice_TellsOfBoth()
    {
        var run = new RunEvidenceBuilder();
        run.Calls.Add(RunEvidenceBuilder.Call(4, 1, 4.9));
        run.Strikes.Add(RunEvidenceBuilder.OperatorKill(4.75, 4.85));
        run.Strikes.Add(RunEvidenceBuilder.OperatorKill(4.25, 4.5));

        Assert.That(
            run.Judge().Exceptions.Single().Text,
            Does.EndWith("agent-operator-1 was struck at 12:00:04.250, agent-operator-1 was struck at 12:00:04.750"));
    }

    [Test]
    public void Judge_StepAnsweredTwiceAfterAReplicaHadDied_IsRepeated()
    {
        var run = new RunEvidenceBuilder();
        run.Calls.Add(RunEvidenceBuilder.Call(4, 1, 4.9));
        run.Strikes.Add(RunEvidenceBuilder.OperatorKill(3.8, 3.9));

        AssertFound(run, FindingKind.Repeated, "step 1 was answered by call 2");
    }

    [Test]
    public void Judge_StepAnsweredAgainAfterItsCommit_IsRepeatedWhoeverDied()
    {
        var run = new RunEvidenceBuilder();
        run.Calls.Add(RunEvidenceBuilder.Call(4, 1, 5.5));
        run.Strikes.Add(RunEvidenceBuilder.OperatorKill(4.3, 4.4));

        AssertFound(run, FindingKind.Repeated, "step 1 was answered by call 2");
    }

    [Test]
    public void Judge_IrreversibleCallStartedTwice_IsDuplicated()
    {
        var run = new RunEvidenceBuilder();
        run.Effects.Add(RunEvidenceBuilder.Effect(1, "c", ToolEffect.Irreversible));

        AssertFound(run, FindingKind.Duplicated, "irreversible call 1.0 starts again, by attempt 1");
    }

    [Test]
    public void Judge_LedgerHasOneStartTwice_IsNothing()
    {
        var run = new RunEvidenceBuilder();
        run.Effects.Add(run.Effects[1]);

        Assert.That(run.Judge().Findings, Is.Empty);
    }

    [Test]
    public void Judge_KeyedCallUnderAnotherKey_IsDuplicated()
    {
        var run = new RunEvidenceBuilder(ToolEffect.Keyed);
        run.Effects.Add(RunEvidenceBuilder.Effect(1, "c", ToolEffect.Keyed, "another"));

        AssertFound(run, FindingKind.Duplicated, "keyed call 1.0 starts under another key");
    }

    [Test]
    public void Judge_KeyedCallWithoutAKey_IsDuplicated()
    {
        var run = new RunEvidenceBuilder(ToolEffect.Keyed);
        run.Effects[1] = RunEvidenceBuilder.Effect(1, "b", ToolEffect.Keyed, "");

        AssertFound(run, FindingKind.Duplicated, "keyed call 1.0 starts without a key");
    }

    [Test]
    public void Judge_OneKeyForTwoCalls_IsDuplicated()
    {
        var run = new RunEvidenceBuilder(ToolEffect.Keyed);
        run.Effects[1] = RunEvidenceBuilder.Effect(1, "b", ToolEffect.Keyed, "key0");

        AssertFound(run, FindingKind.Duplicated, "keyed call 1.0 starts under the key of call 0.0");
    }

    [Test]
    public void Judge_PureCallStartedTwice_IsNothing()
    {
        var run = new RunEvidenceBuilder(ToolEffect.Pure);
        run.Effects.Add(RunEvidenceBuilder.Effect(1, "c", ToolEffect.Pure));

        Assert.That(run.Judge().Findings, Is.Empty);
    }

    [Test]
    public void Judge_DoneWithoutItsEffect_IsLost()
    {
        var run = new RunEvidenceBuilder();
        run.Effects.RemoveAt(0);

        AssertFound(run, FindingKind.Lost, "call_0_0 is committed as done, and its effect is not in the ledger");
    }

    [Test]
    public void Judge_IrreversibleCallUnknownWithoutItsEffect_IsAllowed()
    {
        var run = new RunEvidenceBuilder();
        run.Effects.RemoveAt(0);
        run.Journal[3] = run.Journal[3] with { Kind = RecordKinds.ToolUnknown };

        AssertAllowed(run, ExceptionKind.OutcomeUnknown);
    }

    [Test]
    public void Judge_PureCallUnknown_IsFound()
    {
        var run = new RunEvidenceBuilder(ToolEffect.Pure);
        run.Journal[3] = run.Journal[3] with { Kind = RecordKinds.ToolUnknown };

        AssertFound(run, FindingKind.Other, "call_0_0 of the Pure shell ended as ToolUnknown");
    }

    [Test]
    public void Judge_CommandKilled_IsAllowed()
    {
        var run = new RunEvidenceBuilder();
        run.Journal[3] = run.Journal[3] with { Content = "[killed for memory: the limit is 64 MiB]" };

        AssertAllowed(run, ExceptionKind.CommandKilled);
    }

    private static void AssertFound(RunEvidenceBuilder run, FindingKind kind, string text)
    {
        var findings = run.Judge().Findings;

        Assert.That(findings.Select(finding => finding.Kind), Has.Member(kind));
        Assert.That(findings.Where(finding => finding.Kind == kind).Select(finding => finding.Text), Has.Some.Contain(text));
    }

    private static void AssertAllowed(RunEvidenceBuilder run, ExceptionKind kind)
    {
        var verdict = run.Judge();

        Assert.That(verdict.Findings, Is.Empty);
        Assert.That(verdict.Exceptions.Select(exception => exception.Kind), Is.EqualTo(new[] { kind }));
    }
}
