using AgentOperator.Chaos.RealCluster;

namespace AgentOperator.Chaos.Tests;

internal sealed class ChaosArgumentsTests
{
    [Test]
    public void Parse_ClusterAlone_HasTheDefaults() =>
        Assert.That(ChaosArguments.Parse(["cluster"]).Cluster, Is.EqualTo(new ClusterOptions(200, 50, 1, null)));

    [Test]
    public void Parse_ClusterWithEverything_IsRead() => Assert.That(
        ChaosArguments.Parse(["cluster", "--kills", "5", "--runs-at-once", "3", "--seed", "7", "--keep", "here"]).Cluster,
        Is.EqualTo(new ClusterOptions(5, 3, 7, "here")));

    [Test]
    public void Parse_All_TakesTheSeedForTheCluster()
    {
        var arguments = ChaosArguments.Parse(["all", "--seeds", "12", "--seed", "3"]);

        Assert.That((arguments.Seeds, arguments.First, arguments.Cluster.Seed), Is.EqualTo((12UL, 1UL, 3UL)));
    }

    [Test]
    public void Parse_SimulateOneSeed_IsThatSeedOnly()
    {
        var arguments = ChaosArguments.Parse(["simulate", "--seed", "99", "--trace"]);

        Assert.That((arguments.First, arguments.Seeds, arguments.Trace), Is.EqualTo((99UL, 1UL, true)));
    }

    [TestCase(new string[0], "a command is missing: simulate, cluster or all")]
    [TestCase(new[] { "clutser" }, "there is no command 'clutser': it is simulate, cluster or all")]
    [TestCase(new[] { "cluster", "--trace" }, "there is no option '--trace' of cluster")]
    [TestCase(new[] { "cluster", "--kills" }, "--kills needs a number")]
    [TestCase(new[] { "cluster", "--kills", "0" }, "--kills is a number from 1 to 100000, not '0'")]
    [TestCase(new[] { "cluster", "--runs-at-once", "101" }, "--runs-at-once is a number from 1 to 100, not '101'")]
    [TestCase(new[] { "cluster", "--keep" }, "--keep needs a folder")]
    [TestCase(new[] { "simulate", "--kills", "3" }, "there is no option '--kills' of simulate")]
    [TestCase(new[] { "simulate", "--seeds", "-1" }, "--seeds is a number from 1 to 4294967295, not '-1'")]
    public void Parse_WrongArguments_SaysWhatIsWrong(string[] arguments, string message) =>
        Assert.That(() => ChaosArguments.Parse(arguments), Throws.TypeOf<ArgumentsException>().With.Message.EqualTo(message));
}
