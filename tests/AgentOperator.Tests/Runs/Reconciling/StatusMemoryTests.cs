using AgentOperator.Api;
using AgentOperator.Runs.Status;

namespace AgentOperator.Tests.Runs;

[TestFixture]
internal sealed class StatusMemoryTests
{
    private static readonly AgentRunStatus Queued = new() { Phase = Phases.Queued };
    private static readonly AgentRunStatus Running = new() { Phase = Phases.Running };

    private StatusMemory _memory = null!;

    [SetUp]
    public void SetUp()
    {
        _memory = new StatusMemory();
        _memory.Remember(At("1"), Queued, "2", SnapshotBuilder.Now);
        _memory.Remember(At("1"), Running, "3", SnapshotBuilder.Now);
    }

    [TestCase("1", Description = "the watch has seen none of the writes")]
    [TestCase("2", Description = "the watch has seen the first of them")]
    public void Newest_CacheIsBehind_WhatWasWrittenLast(string cached)
    {
        Assert.That(_memory.Newest(At(cached)), Is.SameAs(Running));
        Assert.That(_memory.NewestVersion(At(cached)), Is.EqualTo("3"));
    }

    [TestCase("3", Description = "the watch has caught up")]
    [TestCase("4", Description = "somebody else wrote since")]
    public void Newest_CacheIsNotBehind_TheCache(string cached)
    {
        var run = At(cached);

        Assert.That(_memory.Newest(run), Is.SameAs(run.Status));
        Assert.That(_memory.NewestVersion(run), Is.EqualTo(cached));
    }

    [Test]
    public void Newest_NamesakeOfADeletedRun_TheCache()
    {
        var run = At("1");
        run.Metadata.Uid = "other";

        Assert.That(_memory.Newest(run), Is.SameAs(run.Status));
    }

    [Test]
    public void IsRefused_NamesakeOfADeletedRun_No()
    {
        _memory.RememberRefused(At("3"), Running);
        Assert.That(_memory.IsRefused(At("3"), Running), Is.True);

        var namesake = At("3");
        namesake.Metadata.Uid = "other";

        Assert.That(_memory.IsRefused(namesake, Running), Is.False);
    }

    private static AgentRun At(string version)
    {
        var run = new AgentRunBuilder().Status(new AgentRunStatus()).Build();
        run.Metadata.ResourceVersion = version;
        return run;
    }
}
