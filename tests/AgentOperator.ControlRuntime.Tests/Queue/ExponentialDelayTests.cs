namespace AgentOperator.ControlRuntime.Tests.Queue;

internal sealed class ExponentialDelayTests
{
    [TestCase(0, 0.0, 1000)]
    [TestCase(3, 0.0, 8000)]
    [TestCase(3, 0.5, 6000)]
    [TestCase(1000, 0.0, 30000)]
    [TestCase(1000, 0.999, 15015)]
    public void For_Failures_DoublesToTheCapLessUpToHalf(int failures, double random, int milliseconds)
    {
        var delay = new ExponentialDelay(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), () => random);

        Assert.That(delay.For(failures).TotalMilliseconds, Is.EqualTo(milliseconds).Within(0.5));
    }
}
