namespace AgentOperator.ControlRuntime.Tests.Hosting;

internal sealed class RestDetectorTests
{
    private const long Burst = RestDetector.Work;

    [Test]
    public void HasCome_AfterWork_IsToldOnce()
    {
        var rest = new RestDetector();
        Assert.That(
            new[] { Burst, 2 * Burst, (2 * Burst) + 1, (2 * Burst) + 2, 4 * Burst, 4 * Burst }.Select(rest.HasCome),
            Is.EqualTo(new[] { false, false, true, false, false, true }));
    }

    [Test]
    public void HasCome_LittleIsAllocatedForLong_IsToldWhenItAddsUp()
    {
        var rest = new RestDetector();
        var looks = Enumerable.Range(1, 20).Select(look => rest.HasCome(look * (RestDetector.Quiet - 1))).ToList();
        Assert.That(looks.Count(told => told), Is.EqualTo(2));
    }

    [Test]
    public void HasCome_WhileItWorks_IsNot()
    {
        var rest = new RestDetector();
        Assert.That(Enumerable.Range(1, 20).Select(look => rest.HasCome(look * RestDetector.Quiet)), Has.None.True);
    }
}
