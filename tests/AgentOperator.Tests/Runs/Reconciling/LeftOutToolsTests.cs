using AgentOperator.Api;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Runs;

/// <summary>A run that goes on without some of its tools says so.</summary>
internal sealed class LeftOutToolsTests
{
    [Test]
    public async Task Reconcile_ToolsAreLeftOut_AreNamedInAConditionAndOneEventEach()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        Assert.That(Condition(world), Is.Null);

        await world.LeaveOutAsync("github_search", "the provider refuses it");
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));
        var first = Condition(world)!;
        await world.LeaveOutAsync("github_merge", "its input schema is a string, not an object");
        await world.SettleAsync();

        Assert.Multiple(() =>
        {
            Assert.That((first.Status, first.Reason, first.Message), Is.EqualTo(
                ("False", Reasons.ToolsLeftOut, "The run goes on without these tools: github_search (the provider refuses it).")));
            Assert.That(
                Condition(world)!.Message, Does.Contain("github_search").And.Contain("github_merge (its input schema is a string, not an object)"));
            Assert.That(Condition(world)!.LastTransitionTime, Is.EqualTo(first.LastTransitionTime));
            Assert.That(world.Events.Recorded.Where(recorded => recorded.Reason == Reasons.ToolsLeftOut).Select(recorded => recorded.Note),
                Is.EqualTo(new[] { first.Message, Condition(world)!.Message }));
            Assert.That(world.Status.Phase, Is.EqualTo(Phases.Running));
        });
    }

    [Test]
    public async Task Reconcile_RunEndsAtOnce_StillSaysWhatWasLeftOut()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.LeaveOutAsync("github_search", "the provider refuses it");
        await world.SucceedAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Multiple(() =>
        {
            Assert.That(world.Status.Phase, Is.EqualTo(Phases.Succeeded));
            Assert.That(Condition(world)!.Message, Does.Contain("github_search"));
            Assert.That(world.Events.Reasons.Count(reason => reason == Reasons.ToolsLeftOut), Is.EqualTo(1));
        });
    }

    [Test]
    public void Text_OfManyTools_IsBounded()
    {
        string? text = null;
        for (var i = 0; i < 1000; i++)
        {
            text = LeftOutTools.Add(text, new ToolsLeftOutPayload { Tools = [new LeftOutTool { Tool = $"tool_{i}", Reason = "é" }] });
        }

        Assert.That(System.Text.Encoding.UTF8.GetByteCount(text!), Is.LessThanOrEqualTo(LeftOutTools.MaxBytes));
        Assert.That(text, Does.StartWith("tool_0 (é); tool_1 (é); ").And.EndsWith("…"));
    }

    private static Condition? Condition(RunWorld world) => world.Status!.FindCondition(ConditionTypes.ToolsReady);
}
