namespace AgentOperator.Chaos.Tests;

/// <summary>The product under simulation: 500 seeds, and the full run by <c>make chaos</c>.</summary>
internal sealed class SimulationTests
{
    private const ulong Seeds = 500;

    [Test]
    public void Run_FiveHundredSeeds_KeepsEveryInvariant()
    {
        var failures = new List<string>();
        var kills = 0;
        var shortened = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var result = Simulation.Run(seed);
            kills += result.Kills;
            shortened += result.Shortened;
            failures.AddRange(result.Findings.Select(finding => $"seed {seed}: {finding.Kind}: {finding.Text}"));
        }

        Assert.Multiple(() =>
        {
            Assert.That(failures, Is.Empty, "chaos simulate --seed N --trace shows what led to each");
            Assert.That(kills, Is.GreaterThan(500), "the faults have to strike");
            Assert.That(shortened, Is.GreaterThan(50), "conversations have to be too long");
        });
    }

    [Test]
    public void Run_SameSeedTwice_HappensExactlyAlike()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var (one, other) = (Simulation.Run(seed), Simulation.Run(seed));

            Assert.That((other.TraceHash, other.Events), Is.EqualTo((one.TraceHash, one.Events)), $"seed {seed}");
        }
    }

    [Test]
    public void Run_DifferentSeeds_HappenDifferently() =>
        Assert.That(Simulation.Run(1).TraceHash, Is.Not.EqualTo(Simulation.Run(2).TraceHash));
}
