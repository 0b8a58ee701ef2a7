using AgentOperator.Api;
using AgentOperator.Gateway.Heartbeats;
using AgentOperator.Gateway.Identity;
using AgentOperator.Journal;
using AgentOperator.Pods;
using AgentOperator.Tests.Runs;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway;

/// <summary>Which heartbeats are written to the pod, and how.</summary>
internal sealed class PodHeartbeatWriterTests
{
    private static readonly DateTimeOffset Created = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(20);

    private FakeObjects<V1Pod> _pods = null!;
    private ServiceProvider _services = null!;

    [SetUp]
    public void SetUp()
    {
        var connection = new FakeConnection(new FakeKubernetes());
        _pods = new FakeObjects<V1Pod>(connection);
        _services = OperatorServices.Operator(connection, new FakeTimeProvider(Created.AddMinutes(1)));
    }

    [TearDown]
    public void TearDown() => _services.Dispose();

    [TestCase(1, 0, true)]
    [TestCase(1, 19, true)]
    [TestCase(1, 20, false, Description = "the start was too long ago to stand for a beat")]
    [TestCase(2, 0, false, Description = "the first beat of a later attempt ends the recovery")]
    public void IsToldByItsStart_Beat_OnlyOfAYoungFirstAttempt(int epoch, int secondsAfterCreation, bool told) =>
        Assert.That(
            PodHeartbeatWriter.IsToldByItsStart(Pod("uid"), new Writer(epoch, "uid"), Created.AddSeconds(secondsAfterCreation), AtMostEvery),
            Is.EqualTo(told));

    [Test]
    public void IsToldByItsStart_PodIsNotTheOneThatIsKnown_IsFalse() => Assert.Multiple(() =>
    {
        Assert.That(PodHeartbeatWriter.IsToldByItsStart(Pod("another"), new Writer(1, "uid"), Created, AtMostEvery), Is.False);
        Assert.That(PodHeartbeatWriter.IsToldByItsStart(null, new Writer(1, "uid"), Created, AtMostEvery), Is.False);
    });

    [Test]
    public async Task Record_BeatsOfOneAgent_AnnotateItsPodAtMostAsOftenAsAsked()
    {
        _pods.Put(Pod("uid"));

        await RecordAsync();
        var version = _pods["run-1"].Metadata.ResourceVersion;
        await RecordAsync();

        Assert.That(_pods["run-1"].Metadata.Annotations[Annotations.Heartbeat], Is.EqualTo("2026-05-04T03:03:01Z"));
        Assert.That(_pods["run-1"].Metadata.ResourceVersion, Is.EqualTo(version), "the second beat came too soon");
    }

    [Test]
    public async Task Record_PodIsGoneOrAnother_WritesNothingAndFailsNothing()
    {
        await RecordAsync();
        _pods.Put(Pod("another"));

        await RecordAsync();

        Assert.That(_pods["run-1"].Metadata.Annotations, Is.Null);
    }

    [TestCase(Reasons.Suspended)]
    [TestCase(Reasons.Deleting)]
    public async Task RecordStop_AgentIsToldToStop_AnnotatesItsPodWithTheReason(string reason)
    {
        _pods.Put(Pod("uid"));

        await _services.GetRequiredService<IHeartbeatWriter>().RecordStopAsync(Runner("uid"), reason, CancellationToken.None);
        await _services.GetRequiredService<IHeartbeatWriter>().RecordStopAsync(Runner("another"), "of another", CancellationToken.None);

        Assert.That(_pods["run-1"].Metadata.Annotations[Annotations.ToldToStop], Is.EqualTo(reason));
        Assert.That(PodFacts.ToldToStop(_pods["run-1"]), Is.EqualTo(reason));
    }

    private Task RecordAsync() =>
        _services.GetRequiredService<IHeartbeatWriter>().RecordAsync(Runner("uid"), AtMostEvery, CancellationToken.None);

    private static RunnerIdentity Runner(string podUid) =>
        new(new RunIdentity(AgentRunBuilder.Namespace, "run", "run-uid"), new Writer(1, podUid), "run-1");

    private static V1Pod Pod(string uid) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "run-1", NamespaceProperty = AgentRunBuilder.Namespace, Uid = uid, CreationTimestamp = Created.UtcDateTime,
        },
    };
}
