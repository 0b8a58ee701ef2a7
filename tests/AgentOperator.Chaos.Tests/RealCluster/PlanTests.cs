using AgentOperator.Chaos.RealCluster.Plan;
using AgentOperator.Chaos.RealCluster.Programs;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Tests.RealCluster;

internal sealed class PlanTests
{
    [Test]
    public void StrikePlan_SameSeed_IsTheSamePlan()
    {
        var first = StrikePlan.Of(5).Take(300);
        var second = StrikePlan.Of(5).Take(300);
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void StrikePlan_OtherSeed_IsAnotherPlan() =>
        Assert.That(StrikePlan.Of(5).Take(300), Is.Not.EqualTo(StrikePlan.Of(6).Take(300)));

    [TestCase(1UL)]
    [TestCase(2UL)]
    [TestCase(3UL)]
    public void StrikePlan_TwoHundredStrikes_HaveEveryKind(ulong seed) =>
        Assert.That(StrikePlan.Of(seed).Take(200).Select(strike => strike.Kind).Distinct(), Is.EquivalentTo(Enum.GetValues<StrikeKind>()));

    [Test]
    public void Generate_SameSeedAndNumber_IsTheSameProgramWhateverCameBefore()
    {
        var generator = new ClusterProgramGenerator(9);
        generator.Generate(1);

        Assert.That(
            ProgramManifests.Scenario("ns", generator.Generate(4)),
            Is.EqualTo(ProgramManifests.Scenario("ns", new ClusterProgramGenerator(9).Generate(4))));
    }

    [Test]
    public void Generate_ManyPrograms_AreOfEveryKind()
    {
        var programs = Enumerable.Range(1, 100).Select(new ClusterProgramGenerator(1).Generate).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(programs.Select(program => program.Effect).Distinct(), Is.EquivalentTo(Enum.GetValues<ToolEffect>()));
            Assert.That(programs.Select(program => program.Steps.Count), Is.All.InRange(4, 12));
            Assert.That(
                programs.SelectMany(program => program.Steps).Select(step => step.Calls.Count).Distinct(), Is.EquivalentTo(new[] { 1, 2, 3 }));
            Assert.That(programs.SelectMany(program => program.Calls.Select(call => (program.Run, call.Id))), Is.Unique);
        });
    }
}
