using AgentOperator.Chaos.Judging;

namespace AgentOperator.Chaos.Tests.RealCluster;

internal sealed class LeftoverJudgeTests
{
    private static readonly LivePod Ended = new("r1-1", "pod-1", "run-1", false);
    private static readonly LivePod Alive = new("r1-2", "pod-2", "run-1", true);

    [Test]
    public void Judge_EndedRunKeepsItsEndedPodAndItsJournal_FindsNothing() =>
        Assert.That(Judge([Ended], ["run-1"], []), Is.Empty);

    [Test]
    public void Judge_WorkingRunHasALivePodAndItsProcess_FindsNothing() =>
        Assert.That(Judge([Alive], ["run-1"], ["/kubepods/podpod-2/c"], working: true), Is.Empty);

    [Test]
    public void Judge_PodAliveAfterItsRunsEnd_IsAnOrphan() =>
        Assert.That(Judge([Alive], [], []).Single(), Does.Contain("alive after its run's end"));

    [Test]
    public void Judge_PodOfNoRun_IsAnOrphan() =>
        Assert.That(Judge([Ended with { RunUid = "run-9" }], [], []).Single(), Does.Contain("the pod's run is not there"));

    [Test]
    public void Judge_SegmentOfNoRun_IsAnOrphan() =>
        Assert.That(Judge([], ["run-9"], []).Single(), Does.Contain("the segment's run is not there"));

    [Test]
    public void Judge_ProcessOfAPodThatTheServerCallsEnded_IsAnOrphan() =>
        Assert.That(Judge([Ended], [], ["/kubepods/podpod-1/c"]).Single(), Does.Contain("an agent's process lives"));

    private static IReadOnlyList<string> Judge(LivePod[] pods, string[] segments, string[] agents, bool working = false)
    {
        var runs = new HashSet<string> { "run-1" };
        var leftovers = new Leftovers(pods, [.. segments.Select(run => ($"{run}.00001", run))], agents);
        return [.. LeftoverJudge.Judge(leftovers, runs, working ? runs : new HashSet<string>()).Select(finding => finding.Text)];
    }
}
