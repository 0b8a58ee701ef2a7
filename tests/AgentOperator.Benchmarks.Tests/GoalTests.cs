namespace AgentOperator.Benchmarks.Tests;

public class GoalTests
{
    [TestCase(20, 10, true)]
    [TestCase(20.1, 10, false)]
    public void IsReached_AtMostTwiceThePeer_IsDecidedByTheRatio(double value, double peer, bool reached)
    {
        var figure = new Figure("append", value, "ms") { Peer = peer, Goal = Goal.AtMostOfPeer(2) };

        Assert.That(figure.IsReached, Is.EqualTo(reached));
        Assert.That(figure.Target, Is.EqualTo("at most 2x"));
    }

    [TestCase(10, 10, true)]
    [TestCase(9.9, 10, false)]
    public void IsReached_AtLeastThePeer_IsDecidedByTheRatio(double value, double peer, bool reached) =>
        Assert.That(new Figure("throughput", value, "runs/s") { Peer = peer, Goal = Goal.AtLeastOfPeer(1) }.IsReached, Is.EqualTo(reached));

    [Test]
    public void IsReached_PeerIsNotMeasured_IsNotDecided() =>
        Assert.That(new Figure("append", 20, "ms") { Goal = Goal.AtMostOfPeer(2) }.IsReached, Is.Null);

    [Test]
    public void Target_WordsAreGiven_AreKept() =>
        Assert.That(
            new Figure("restart", 20, "s") { Goal = Goal.AtMost(15, "s"), Target = "at most 15 s for 20,000" }.Target,
            Is.EqualTo("at most 15 s for 20,000"));
}
