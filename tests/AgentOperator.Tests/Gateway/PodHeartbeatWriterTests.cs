using AgentOperator.Gateway.Heartbeats;
using AgentOperator.Journal;
using k8s.Models;

namespace AgentOperator.Tests.Gateway;

/// <summary>Which heartbeats need no write.</summary>
public sealed class PodHeartbeatWriterTests
{
    private static readonly DateTimeOffset Created = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(20);

    [TestCase(1, 0, true)]
    [TestCase(1, 19, true)]
    [TestCase(1, 20, false, Description = "the start was too long ago to stand for a beat")]
    [TestCase(2, 0, false, Description = "the first beat of a later attempt ends the recovery")]
    public void IsToldByItsStart_Beat_OnlyOfAYoungFirstAttempt(int epoch, int secondsAfterCreation, bool told) =>
        Assert.That(PodHeartbeatWriter.IsToldByItsStart(Pod("uid"), new Writer(epoch, "uid"), Created.AddSeconds(secondsAfterCreation), AtMostEvery), Is.EqualTo(told));

    [Test]
    public void IsToldByItsStart_PodIsNotTheOneThatIsKnown_IsFalse() => Assert.Multiple(() =>
    {
        Assert.That(PodHeartbeatWriter.IsToldByItsStart(Pod("another"), new Writer(1, "uid"), Created, AtMostEvery), Is.False);
        Assert.That(PodHeartbeatWriter.IsToldByItsStart(null, new Writer(1, "uid"), Created, AtMostEvery), Is.False);
    });

    private static V1Pod Pod(string uid) => new() { Metadata = new V1ObjectMeta { Name = "run-1", Uid = uid, CreationTimestamp = Created.UtcDateTime } };
}
