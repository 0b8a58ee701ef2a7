using AgentOperator.Benchmarks.Reports.Plots;

namespace AgentOperator.Benchmarks.Tests;

public class ScaleTests
{
    [TestCase(0.37, 0.4, 0.1)]
    [TestCase(10.8, 12.5, 2.5)]
    [TestCase(40, 40, 10)]
    [TestCase(1003, 1250, 250)]
    [TestCase(0, 1, 1)]
    public void Upto_AHighestValue_EndsAtARoundTickAboveIt(double highest, double top, double step)
    {
        var scale = Scale.Upto(highest);

        Assert.That(scale.Top, Is.EqualTo(top).Within(1e-9));
        Assert.That(scale.Step, Is.EqualTo(step).Within(1e-9));
        Assert.That(scale.Ticks.Last(), Is.EqualTo(top).Within(1e-9));
    }
}
