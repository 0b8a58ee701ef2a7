using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Runs.Status;

namespace AgentOperator.Tests.Runs;

[TestFixture]
internal sealed class PlainStatusTests
{
    private static readonly AgentRunStatus Status = new()
    {
        Phase = Phases.Succeeded,
        Conditions =
        [
            new Condition
            {
                Type = ConditionTypes.Running, Status = "False", LastTransitionTime = SnapshotBuilder.Now, Reason = Reasons.Completed,
                Message = "text",
            },
        ],
        Attempts =
        [
            new AttemptStatus { Number = 1, Outcome = Outcomes.OutOfMemory, Reason = "OOMKilled", ExitCode = 137, Message = "text" },
            new AttemptStatus { Number = 2, Outcome = Outcomes.Completed, Reason = "no word" },
        ],
        Checkpoint = new CheckpointStatus { Sequence = 7, Summary = "text" },
        Progress = new ProgressStatus { Step = 3, Message = "text" },
        WaitingFor = "text",
        Result = new ResultStatus { Text = "text" },
    };

    [Test]
    public void Of_Status_HasFixedSentencesAndAllThatProgramsRead()
    {
        var plain = PlainStatus.Of(Status);

        Assert.Multiple(() =>
        {
            Assert.That(System.Text.Json.JsonSerializer.Serialize(plain, ApiJson.Options), Does.Not.Contain(":\"text\""));
            Assert.That((plain.Phase, plain.Checkpoint!.Sequence, plain.Progress!.Step), Is.EqualTo((Phases.Succeeded, 7L, 3)));
            Assert.That((plain.Conditions![0].Reason, plain.Conditions[0].LastTransitionTime), Is.EqualTo((Reasons.Completed, SnapshotBuilder.Now)));
            Assert.That(plain.Attempts![0], Is.EqualTo(Status.Attempts![0] with { Message = PlainStatus.Sentence }));
            Assert.That(plain.Attempts[1], Is.EqualTo(Status.Attempts[1] with { Reason = null }), "no message is made up");
        });
    }

    [Test]
    public void Of_PlainStatus_IsTheSame() =>
        Assert.That(StatusComparer.Compare(PlainStatus.Of(Status), PlainStatus.Of(PlainStatus.Of(Status))), Is.EqualTo(StatusChange.None));

    [Test]
    public void HaveSameTexts_OtherNumbers_Yes()
    {
        var later = Status with { Usage = new UsageStatus { ModelCalls = 4 }, Progress = Status.Progress! with { Step = 4 } };

        Assert.That(PlainStatus.HaveSameTexts(Status, later), Is.True);
    }

    [Test]
    public void HaveSameTexts_AnyTextDiffers_No()
    {
        AgentRunStatus[] others =
        [
            Status with { WaitingFor = "other" },
            Status with { Result = null },
            Status with { Progress = Status.Progress! with { Message = "other" } },
            Status with { Checkpoint = Status.Checkpoint! with { Summary = null } },
            Status with { Conditions = [Status.Conditions![0] with { Message = "other" }] },
            Status with { Attempts = [Status.Attempts![0] with { Reason = "Other" }, Status.Attempts[1]] },
        ];

        Assert.That(others.Where(other => PlainStatus.HaveSameTexts(Status, other)), Is.Empty);
    }
}
