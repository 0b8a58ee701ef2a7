using AgentOperator.Benchmarks.Rows;

namespace AgentOperator.Benchmarks.Tests;

internal sealed class ExtrapolationTests
{
    private const long MiB = 1024 * 1024;

    /// <summary>100 MiB and 16 KiB a run of store, 50 MiB and 4 KiB a run of memory, 1 s and 1 ms a run of restart.</summary>
    [Test]
    public void Figures_OfTwoPointsOfALine_LieOnIt()
    {
        var figures = new Extrapolation(Of(1024), Of(5120)).Figures().ToDictionary(figure => figure.Name);

        Assert.Multiple(() =>
        {
            Assert.That(figures["scale-250000-store"].Value, Is.EqualTo((100 + (250_000 / 64.0)) / 1024).Within(1e-6));
            Assert.That(figures["scale-250000-memory"].Value, Is.EqualTo(50 + (250_000 / 256.0)).Within(1e-6));
            Assert.That(figures["scale-250000-restart"].Value, Is.EqualTo(251).Within(1e-6));
            Assert.That(
                figures["scale-250000-store"].Note, Does.Contain("16.0 KiB a run").And.Contain("8 GiB hold 524,000").And.Contain("2 GiB 131,000"));
        });
    }

    private static RetainedState Of(int runs) =>
        new(runs, (50 * MiB) + (runs * 4096L), 0, TimeSpan.FromMilliseconds(1000 + runs), 0) { StoreBytes = (100 * MiB) + (runs * 16384L) };
}
